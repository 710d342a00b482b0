//! The web client is embedded from `static/dist`; a server without it builds too.

fn main() -> std::io::Result<()> {
    println!("cargo::rerun-if-changed=../templates/pages");
    std::fs::create_dir_all("../static/dist")
}
