//! Embedded migrations are part of the crate: build it anew when they change.

fn main() {
    println!("cargo::rerun-if-changed=../../migrations");
}
