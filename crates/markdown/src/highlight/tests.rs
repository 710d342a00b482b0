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

#[test]
fn python_as_pygments_has_it() {
    let code = "from a.b import c\n@d.e\ndef f(self, x=1):\n    \"\"\"doc\"\"\"\n    return not f'{x}\\n' + None # g\n";
    assert_eq!(
        classes("py", code),
        [
            "kn:from",
            "nn:a.b",
            "kn:import",
            "n:c",
            "nd:@d.e",
            "k:def",
            "nf:f",
            "p:(",
            "bp:self",
            "p:,",
            "n:x",
            "o:=",
            "mi:1",
            "p:):",
            "sd:\"\"\"doc\"\"\"",
            "k:return",
            "ow:not",
            "sa:f",
            "s1:'",
            "si:{",
            "n:x",
            "si:}",
            "se:\\n",
            "s1:'",
            "o:+",
            "kc:None",
            "c1:# g",
        ]
    );
}

#[test]
fn other_languages_by_their_grammars() {
    assert_eq!(
        classes("json", "{\"a\": [1, true]}\n").last().unwrap(),
        "p:]}"
    );
    assert_eq!(
        classes("rust", "fn main() {} // x\n"),
        ["kd:fn", "nf:main", "p:()", "p:{}", "c1:// x"]
    );
    assert_eq!(
        classes("c", "return 0x1f;\n"),
        ["k:return", "mh:0x1f", "p:;"]
    );
    assert_eq!(classes("js", "a = 'b';\n"), ["n:a", "o:=", "s:'b'", "p:;"]);
    assert_eq!(classes("diff", "+c\n-d\n"), ["gi:+c", "gd:-d"]);
}

#[test]
fn too_much_code_is_plain() {
    let rust = find("rust").unwrap();
    assert!(tokens(rust, &"a".repeat(2_000)).is_none());
    assert!(tokens(rust, &"a\n".repeat(20_000)).is_none());
}
