//! What a Zulip server made of the same texts.

use narrows_markdown::{Options, Resolved, parse};

use crate::tree;

#[derive(serde::Deserialize)]
struct Recordings {
    regular: Vec<Case>,
    linkify: Vec<Case>,
}

#[derive(serde::Deserialize)]
struct Case {
    name: String,
    input: String,
    html: String,
}

fn recordings() -> serde_json::Result<Recordings> {
    serde_json::from_str(include_str!("../fixtures/recordings.json"))
}

fn check(cases: &[Case]) {
    let mut failures = Vec::new();
    for case in cases {
        // The recorded sender has the setting on in these cases and off in all others.
        let translate_emoticons =
            case.name.starts_with("translate_emoticons") && !case.name.contains("not_enabled");
        let options = Options::default();
        let resolved = Resolved {
            translate_emoticons,
            ..Resolved::default()
        };
        let html = parse(&case.input, &options)
            .render(&resolved, &options)
            .html;
        if html != case.html && tree::read(&html) != tree::read(&case.html) {
            failures.push(format!(
                "{}\n--- zulip\n{}\n+++ here\n{html}\n",
                case.name, case.html
            ));
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {}:\n{}",
        failures.len(),
        cases.len(),
        failures.join("\n")
    );
}

#[test]
fn messages_are_as_recorded() {
    check(&recordings().unwrap().regular);
}

#[test]
fn links_are_as_recorded() {
    check(&recordings().unwrap().linkify);
}

#[test]
fn all_recorded_cases_are_checked() {
    let recordings = recordings().unwrap();
    assert_eq!(recordings.regular.len() + recordings.linkify.len(), 132);
}
