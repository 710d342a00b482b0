use super::table::Table;
use super::{Lexer, find, languages, scopes, tokens};

/// What is shown in one class each, as `class:text`, without plain white space.
fn classes(language: &str, code: &str) -> Vec<String> {
    let language = find(language).unwrap();
    let tokens = tokens(language, code).unwrap();
    let groups = tokens.chunk_by(|(a, _), (b, _)| a == b).map(|group| {
        let text: String = group.iter().map(|(_, text)| *text).collect();
        (group[0].0.unwrap_or_default(), text)
    });
    let shown = groups.filter(|(_, text)| !text.trim().is_empty());
    shown
        .map(|(class, text)| format!("{class}:{text}"))
        .collect()
}

#[test]
fn every_grammar_exists() {
    let missing: Vec<_> = languages::all()
        .filter_map(|language| match language.lexer {
            Lexer::Grammar(name) if !scopes::has(name) => Some(name),
            _ => None,
        })
        .collect();
    assert_eq!(missing, [""; 0]);
}

#[test]
fn a_hundred_languages_are_highlighted() {
    let highlighted = languages::all().filter(|l| !matches!(l.lexer, Lexer::Plain));
    assert!(highlighted.count() >= 100);
}

#[test]
fn no_alias_belongs_to_two_languages() {
    let mut seen = std::collections::BTreeSet::new();
    for alias in languages::all().flat_map(languages::Language::aliases) {
        assert!(seen.insert(alias), "{alias}");
    }
}

#[test]
fn nothing_of_the_text_is_lost() {
    let code = "#!/bin/x\n\"a\\n%s {x}\" 'b' f'{a!r:>{w}} {{' /* c */ // d\n<a b=\"c\">%$x$ \\[ é 👽 0x1F 1.5e3\n@a.b\ndef f(x): pass\n";
    for language in ["python", "tex", "rust", "js", "html", "diff"]
        .iter()
        .filter_map(|l| find(l))
    {
        if let Some(tokens) = tokens(language, code) {
            let text: String = tokens.iter().map(|(_, text)| *text).collect();
            assert_eq!(text, code, "{}", language.name);
        }
    }
}

/// What Pygments made of a piece of code: class and text, neighbours of one class joined.
#[derive(serde::Deserialize)]
struct Highlighted {
    language: String,
    code: String,
    tokens: Vec<(String, String)>,
}

fn joined(language: &str, code: &str) -> Vec<(String, String)> {
    let tokens = tokens(find(language).unwrap(), code).unwrap();
    let groups = tokens.chunk_by(|(a, _), (b, _)| a == b).map(|group| {
        let text: String = group.iter().map(|(_, text)| *text).collect();
        (group[0].0.unwrap_or_default().to_owned(), text)
    });
    groups.collect()
}

#[test]
fn code_is_highlighted_as_pygments_does_it() {
    let json = include_str!("../../tests/fixtures/highlighted.json");
    let cases: Vec<Highlighted> = serde_json::from_str(json).unwrap();
    let mut failures = Vec::new();
    for case in &cases {
        let here = joined(&case.language, &case.code);
        if let Some(at) =
            (0..here.len().max(case.tokens.len())).find(|at| here.get(*at) != case.tokens.get(*at))
        {
            failures.push(format!(
                "{}: {:?} should be {:?}",
                case.language,
                here.get(at),
                case.tokens.get(at)
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
fn every_table_is_whole() {
    for language in languages::all() {
        if let Lexer::Table(lazy) = &language.lexer {
            assert!(lazy.get().is_some_and(Table::is_whole), "{}", language.name);
        }
    }
}

#[test]
fn other_languages_by_their_grammars() {
    assert_eq!(classes("yaml", "a: 1 # b\n").last().unwrap(), "c1:# b");
}

#[test]
fn too_much_code_is_plain() {
    let rust = find("rust").unwrap();
    assert!(tokens(rust, &"a".repeat(2_000)).is_none());
    assert!(tokens(rust, &"a\n".repeat(20_000)).is_none());
}
