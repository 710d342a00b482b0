//! Languages by the names that people write after a fence.

/// What highlights a language.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Lexer {
    Python,
    Tex,
    /// A grammar of Sublime Text, by name or file extension.
    Grammar(&'static str),
    /// Known by name only.
    Plain,
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
    LANGUAGES
        .iter()
        .find(|language| language.aliases().any(|known| known == alias))
}

/// All languages.
#[cfg(test)]
pub(super) fn all() -> impl Iterator<Item = &'static Language> {
    LANGUAGES.iter()
}

static LANGUAGES: &[Language] = &[
    other(
        "Python",
        "python py sage python3 py3 bazel starlark pyi",
        Lexer::Python,
    ),
    other("TeX", "tex latex", Lexer::Tex),
    other("Text only", "text", Lexer::Plain),
    other("Text output", "output", Lexer::Plain),
    other(
        "Python console session",
        "pycon python-console",
        Lexer::Plain,
    ),
    other("Python Traceback", "pytb py3tb", Lexer::Plain),
    other("Bash Session", "console shell-session", Lexer::Plain),
    other("PowerShell Session", "pwsh-session ps1con", Lexer::Plain),
    grammar("Typst", "typst", "Typst"),
    grammar("Stylus", "stylus", "Stylus"),
    grammar("NSIS", "nsis nsi nsh", "NSIS"),
    grammar("RobotFramework", "robotframework", "Robot Framework"),
    grammar("Rego", "rego", "Rego"),
    grammar("Gnuplot", "gnuplot", "gnuplot"),
    grammar("Ninja", "ninja", "Ninja"),
    grammar("Jsonnet", "jsonnet", "jsonnet"),
    grammar("Vyper", "vyper", "Vyper"),
    grammar("Groff", "groff nroff man", "Groff/troff"),
    other("BBC Basic", "bbcbasic", Lexer::Plain),
    other("COBOL", "cobol", Lexer::Plain),
    other("Coq", "coq", Lexer::Plain),
    other("Brainfuck", "brainfuck bf", Lexer::Plain),
    other("Prolog", "prolog", Lexer::Plain),
    other("Scheme", "scheme scm", Lexer::Grammar("Lisp")),
    other("VimL", "vim", Lexer::Grammar("VimL")),
    other(
        "reStructuredText",
        "restructuredtext rst rest",
        Lexer::Grammar("reStructuredText"),
    ),
    other("HTML", "html", Lexer::Grammar("HTML")),
    other("XML", "xml", Lexer::Grammar("XML")),
    other("Markdown", "markdown md", Lexer::Grammar("Markdown")),
    other("Common Lisp", "common-lisp cl lisp", Lexer::Grammar("Lisp")),
    other(
        "EmacsLisp",
        "emacs-lisp elisp emacs",
        Lexer::Grammar("Lisp"),
    ),
    other("Racket", "racket rkt", Lexer::Grammar("Racket")),
    grammar("ActionScript", "actionscript as", "ActionScript"),
    grammar("Ada", "ada ada95 ada2005", "Ada"),
    grammar("ApacheConf", "apacheconf aconf apache", "Apache Conf"),
    grammar("AppleScript", "applescript", "AppleScript"),
    grammar("Arduino", "arduino", "C++"),
    grammar("AsciiDoc", "asciidoc adoc", "AsciiDoc (Asciidoctor)"),
    grammar("Awk", "awk gawk mawk nawk", "AWK"),
    grammar(
        "Bash",
        "bash sh ksh zsh shell openrc",
        "Bourne Again Shell (bash)",
    ),
    grammar("Batchfile", "batch bat dosbatch winbatch", "Batch File"),
    grammar("BibTeX", "bibtex bib", "BibTeX"),
    grammar("C", "c", "C"),
    grammar("C#", "csharp c# cs", "C#"),
    grammar("C++", "cpp c++", "C++"),
    grammar("CMake", "cmake", "CMake"),
    grammar("CSS", "css", "CSS"),
    grammar("CSV", "csv", "Comma Separated Values"),
    grammar("Cabal", "cabal", "Cabal"),
    grammar("Clojure", "clojure clj", "Clojure"),
    grammar(
        "CoffeeScript",
        "coffeescript coffee-script coffee",
        "CoffeeScript",
    ),
    grammar("Crystal", "cr crystal", "Crystal"),
    grammar("D", "d", "D"),
    grammar("Dart", "dart", "Dart"),
    other("Debian Control file", "debcontrol control", Lexer::Plain),
    grammar("Diff", "diff udiff", "Diff"),
    grammar("Django/Jinja", "django jinja jinja2", "Jinja2"),
    grammar("Docker", "docker dockerfile", "Dockerfile"),
    grammar("ERB", "erb", "HTML (Rails)"),
    grammar("Elixir", "elixir ex exs", "Elixir"),
    grammar("Elm", "elm", "Elm"),
    grammar("Erlang", "erlang", "Erlang"),
    grammar("F#", "fsharp f#", "F#"),
    grammar("Fish", "fish fishshell", "Fish"),
    grammar("Fortran", "fortran f90", "Fortran (Modern)"),
    grammar("FortranFixed", "fortranfixed", "Fortran (Fixed Form)"),
    grammar("GAS", "gas asm", "x86_64 Assembly"),
    grammar("GDScript", "gdscript gd", "GDScript (Godot Engine)"),
    grammar("GLSL", "glsl", "GLSL"),
    other("Gherkin", "gherkin cucumber", Lexer::Plain),
    grammar("Go", "go golang", "Go"),
    grammar("GraphQL", "graphql", "GraphQL"),
    grammar("Graphviz", "graphviz dot", "Graphviz (DOT)"),
    grammar("Groovy", "groovy", "Groovy"),
    grammar("HTTP", "http", "HTTP Request and Response"),
    grammar("Haml", "haml", "Ruby Haml"),
    grammar("Haskell", "haskell hs", "Haskell"),
    grammar("INI", "ini cfg dosini", "INI"),
    grammar("Idris", "idris idr", "Idris"),
    grammar("JSON", "json json-object", "JSON"),
    grammar("JSONLD", "jsonld json-ld", "JSON"),
    grammar("Java", "java", "Java"),
    grammar("JavaScript", "javascript js", "JavaScript"),
    grammar("Julia", "julia jl", "Julia"),
    grammar("Kotlin", "kotlin", "Kotlin"),
    grammar("LLVM", "llvm", "LLVM"),
    grammar("Lean", "lean lean3 lean4", "Lean 4"),
    grammar("LessCss", "less", "Less"),
    grammar("LiveScript", "livescript live-script", "LiveScript"),
    grammar("Lua", "lua", "Lua"),
    grammar("Makefile", "make makefile mf bsdmake", "Makefile"),
    grammar("Mako", "mako", "HTML"),
    grammar("Matlab", "matlab octave", "MATLAB"),
    grammar("NASM", "nasm", "x86_64 Assembly"),
    grammar("Nginx configuration file", "nginx", "nginx"),
    grammar("Nimrod", "nimrod nim", "Nim"),
    grammar("Nix", "nixos nix", "Nix"),
    grammar("OCaml", "ocaml", "OCaml"),
    grammar(
        "Objective-C",
        "objective-c objectivec obj-c objc",
        "Objective-C",
    ),
    grammar(
        "Objective-C++",
        "objective-c++ objectivec++ obj-c++ objc++",
        "Objective-C++",
    ),
    grammar("Odin", "odin", "Odin"),
    grammar("PHP", "php php3 php4 php5", "PHP Source"),
    grammar("Delphi", "delphi pas pascal objectpascal", "Pascal"),
    grammar("Perl", "perl pl", "Perl"),
    grammar("PostgreSQL SQL dialect", "postgresql postgres", "SQL"),
    other("PowerShell", "powershell pwsh posh ps1 psm1", Lexer::Plain),
    grammar("Properties", "properties jproperties", "Java Properties"),
    grammar("Protocol Buffer", "protobuf proto", "Protocol Buffer"),
    grammar("Puppet", "puppet", "Puppet"),
    grammar("PureScript", "purescript", "PureScript"),
    grammar("QML", "qml qbs", "QML"),
    grammar("Ruby", "ruby rb duby", "Ruby"),
    grammar("Rust", "rust rs", "Rust"),
    grammar("S", "splus s r", "R"),
    grammar("SCSS", "scss", "SCSS"),
    grammar("SQL", "sql", "SQL"),
    grammar("MySQL", "mysql mariadb", "SQL"),
    grammar("sqlite3con", "sqlite3", "SQL"),
    grammar("Sass", "sass", "Sass"),
    grammar("Scala", "scala", "Scala"),
    grammar("Slim", "slim", "Ruby Slim"),
    grammar("Solidity", "solidity", "Solidity"),
    grammar("Standard ML", "sml", "SML"),
    grammar("Svelte", "svelte", "Svelte"),
    grammar("Swift", "swift", "Swift"),
    grammar("SystemVerilog", "systemverilog sv", "SystemVerilog"),
    grammar("TOML", "toml", "TOML"),
    grammar("Tcl", "tcl", "Tcl"),
    grammar("Terraform", "terraform tf hcl", "Terraform"),
    grammar("Textile", "textile", "Textile"),
    other("Thrift", "thrift", Lexer::Plain),
    grammar("Twig", "twig", "HTML (Twig)"),
    grammar("TypeScript", "typescript ts", "TypeScript"),
    grammar("TSX", "tsx", "TypeScriptReact"),
    other("VB.net", "vb.net vbnet lobas oobas sobas", Lexer::Plain),
    grammar("VHDL", "vhdl", "VHDL"),
    grammar("verilog", "verilog v", "Verilog"),
    grammar("Vue", "vue", "Vue Component"),
    grammar("WebGPU Shading Language", "wgsl", "WGSL"),
    grammar("YAML", "yaml", "YAML"),
    grammar("Zig", "zig", "Zig"),
];
