//! Languages by the names that people write after a fence.

mod tables;

use std::sync::OnceLock;

use super::table::Table;
use tables::TABLES;

/// What highlights a language.
#[derive(Debug)]
pub(crate) enum Lexer {
    Json,
    ShellSession,
    PythonSession,
    Table(Lazy),
    /// A grammar of Sublime Text, by name or file extension.
    Grammar(&'static str),
    /// Known by name only.
    Plain,
}

/// A table that is parsed on first use and then shared.
#[derive(Debug)]
pub(crate) struct Lazy {
    json: &'static str,
    parsed: OnceLock<Option<Table>>,
}

impl Lazy {
    pub(super) fn get(&self) -> Option<&Table> {
        let parsed = self.parsed.get_or_init(|| Table::parse(self.json));
        parsed.as_ref()
    }
}

/// A language.
#[derive(Debug)]
pub(crate) struct Language {
    /// What Pygments calls it; goes into `data-code-language`.
    pub(crate) name: &'static str,
    /// Names in lower case, separated by spaces.
    aliases: &'static str,
    pub(crate) lexer: Lexer,
    /// Whether Pygments gives white space a class.
    pub(crate) spaces: bool,
}

impl Language {
    pub(super) fn aliases(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.aliases.split(' ')
    }
}

const fn table(name: &'static str, aliases: &'static str, json: &'static str) -> Language {
    Language {
        name,
        aliases,
        lexer: Lexer::Table(Lazy {
            json,
            parsed: OnceLock::new(),
        }),
        spaces: false,
    }
}

const fn grammar(name: &'static str, aliases: &'static str, grammar: &'static str) -> Language {
    Language {
        name,
        aliases,
        lexer: Lexer::Grammar(grammar),
        spaces: true,
    }
}

const fn other(name: &'static str, aliases: &'static str, lexer: Lexer) -> Language {
    Language {
        name,
        aliases,
        lexer,
        spaces: false,
    }
}

/// The language that an author means.
pub(crate) fn find(alias: &str) -> Option<&'static Language> {
    let alias = alias.to_lowercase();
    all().find(|language| language.aliases().any(|known| known == alias))
}

/// The language that Pygments calls so.
pub(super) fn by_name(name: &str) -> Option<&'static Language> {
    all().find(|language| language.name == name)
}

/// All languages; those with tables come first.
pub(super) fn all() -> impl Iterator<Item = &'static Language> {
    TABLES.iter().chain(&LANGUAGES)
}

static LANGUAGES: [Language; 41] = [
    other("Text only", "text", Lexer::Plain),
    other("Text output", "output", Lexer::Plain),
    other(
        "Python console session",
        "pycon python-console",
        Lexer::PythonSession,
    ),
    other("Bash Session", "console shell-session", Lexer::ShellSession),
    other("PowerShell Session", "pwsh-session ps1con", Lexer::Plain),
    grammar("Typst", "typst", "Typst"),
    grammar("Stylus", "stylus", "Stylus"),
    grammar("NSIS", "nsis nsi nsh", "NSIS"),
    grammar("RobotFramework", "robotframework", "Robot Framework"),
    grammar("Rego", "rego", "Rego"),
    grammar("Ninja", "ninja", "Ninja"),
    grammar("Groff", "groff nroff man", "Groff/troff"),
    other("Scheme", "scheme scm", Lexer::Grammar("Lisp")),
    other("VimL", "vim", Lexer::Grammar("VimL")),
    grammar("Arduino", "arduino", "C++"),
    grammar("AsciiDoc", "asciidoc adoc", "AsciiDoc (Asciidoctor)"),
    grammar("BibTeX", "bibtex bib", "BibTeX"),
    grammar("CSV", "csv", "Comma Separated Values"),
    grammar("Cabal", "cabal", "Cabal"),
    grammar("Crystal", "cr crystal", "Crystal"),
    grammar("Django/Jinja", "jinja2", "Jinja2"),
    grammar("ERB", "erb", "HTML (Rails)"),
    grammar("FortranFixed", "fortranfixed", "Fortran (Fixed Form)"),
    grammar("HTTP", "http", "HTTP Request and Response"),
    grammar("Haml", "haml", "Ruby Haml"),
    other("JSON", "json json-object", Lexer::Json),
    other("JSON-LD", "jsonld json-ld", Lexer::Json),
    grammar("Lean", "lean4", "Lean 4"),
    grammar("Makefile", "make makefile mf bsdmake", "Makefile"),
    grammar("Mako", "mako", "HTML"),
    grammar(
        "Objective-C++",
        "objective-c++ objectivec++ obj-c++ objc++",
        "Objective-C++",
    ),
    grammar("Delphi", "delphi pas pascal objectpascal", "Pascal"),
    grammar("PureScript", "purescript", "PureScript"),
    grammar("MySQL", "mariadb", "SQL"),
    grammar("sqlite3con", "sqlite3", "SQL"),
    grammar("Sass", "sass", "Sass"),
    grammar("Slim", "slim", "Ruby Slim"),
    grammar("Standard ML", "sml", "SML"),
    grammar("Svelte", "svelte", "Svelte"),
    grammar("Textile", "textile", "Textile"),
    grammar("Vue", "vue", "Vue Component"),
];
