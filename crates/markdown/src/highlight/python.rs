//! Python.

use super::Token;

const KEYWORDS: &[&str] = &[
    "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else",
    "except", "finally", "for", "from", "global", "if", "import", "lambda", "nonlocal", "pass",
    "raise", "return", "try", "while", "with", "yield",
];
const CONSTANTS: &[&str] = &["False", "None", "True"];
const WORD_OPERATORS: &[&str] = &["and", "in", "is", "not", "or"];
const BUILTINS: &[&str] = &[
    "__import__",
    "abs",
    "aiter",
    "all",
    "any",
    "anext",
    "ascii",
    "bin",
    "bool",
    "breakpoint",
    "bytearray",
    "bytes",
    "callable",
    "chr",
    "classmethod",
    "compile",
    "complex",
    "delattr",
    "dict",
    "dir",
    "divmod",
    "enumerate",
    "eval",
    "exec",
    "filter",
    "float",
    "format",
    "frozenset",
    "getattr",
    "globals",
    "hasattr",
    "hash",
    "help",
    "hex",
    "id",
    "input",
    "int",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "list",
    "locals",
    "map",
    "max",
    "memoryview",
    "min",
    "next",
    "object",
    "oct",
    "open",
    "ord",
    "pow",
    "print",
    "property",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "setattr",
    "slice",
    "sorted",
    "staticmethod",
    "str",
    "sum",
    "super",
    "tuple",
    "type",
    "vars",
    "zip",
];
const PSEUDO: &[&str] = &["self", "Ellipsis", "NotImplemented", "cls"];
const OTHER_EXCEPTIONS: &[&str] = &[
    "BaseException",
    "GeneratorExit",
    "KeyboardInterrupt",
    "StopIteration",
    "StopAsyncIteration",
    "SystemExit",
    "Exception",
    "ExceptionGroup",
    "BaseExceptionGroup",
    "DeprecationWarning",
];

/// What the word before makes of the next name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    Nothing,
    Function,
    Class,
    /// Names of modules, up to `import` or the end of the statement.
    From,
    Import,
}

struct Lexer<'t> {
    rest: &'t str,
    tokens: Vec<Token<'t>>,
    expect: Expect,
    after_dot: bool,
    /// Only white space since the line began.
    line_start: bool,
}

/// The tokens of Python 3 code, as Pygments has them.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut lexer = Lexer {
        rest: text,
        tokens: Vec::new(),
        expect: Expect::Nothing,
        after_dot: false,
        line_start: true,
    };
    if text.starts_with("#!") {
        lexer.take(Some("ch"), text.find('\n').unwrap_or(text.len()));
    }
    while let Some(first) = lexer.rest.chars().next() {
        lexer.token(first);
    }
    lexer.tokens
}

impl<'t> Lexer<'t> {
    fn take(&mut self, class: Option<&'static str>, length: usize) {
        let length = if length == 0 {
            self.rest.chars().next().map_or(0, char::len_utf8)
        } else {
            length
        };
        let (piece, rest) = self
            .rest
            .split_at_checked(length)
            .unwrap_or((self.rest, ""));
        match self.tokens.last_mut() {
            // Neighbours of one class are one token; both are slices of the text.
            Some((before, _)) if *before == class && class == Some("p") => {
                self.tokens.push((class, piece))
            }
            _ => self.tokens.push((class, piece)),
        }
        self.rest = rest;
    }

    fn token(&mut self, first: char) {
        let line_start = self.line_start;
        if !first.is_whitespace() {
            self.line_start = false;
        }
        match first {
            '\n' => {
                self.line_start = true;
                self.expect = Expect::Nothing;
                self.take(None, 1);
            }
            c if c.is_whitespace() => {
                let length = self.rest.find(|c: char| c == '\n' || !c.is_whitespace());
                self.take(None, length.unwrap_or(self.rest.len()));
                return;
            }
            '#' => self.take(Some("c1"), self.rest.find('\n').unwrap_or(self.rest.len())),
            '@' if line_start && self.rest.get(1..).is_some_and(starts_name) => {
                let is_path = |c: char| is_name(c) || c == '.';
                let body = self.rest.get(1..).unwrap_or_default();
                self.take(
                    Some("nd"),
                    1 + body.find(|c| !is_path(c)).unwrap_or(body.len()),
                );
            }
            '"' | '\'' => self.string(0, line_start),
            c if c.is_ascii_digit() => self.number(),
            '.' if self
                .rest
                .get(1..)
                .is_some_and(|r| r.starts_with(|c: char| c.is_ascii_digit())) =>
            {
                self.number()
            }
            c if is_name_start(c) => {
                let length = self.rest.find(|c| !is_name(c)).unwrap_or(self.rest.len());
                let word = self.rest.get(..length).unwrap_or_default();
                let quote = self.rest.get(length..).unwrap_or_default();
                if is_prefix(word) && quote.starts_with(['"', '\'']) {
                    self.string(length, line_start);
                } else {
                    self.word(word);
                }
                return;
            }
            c => self.symbol(c),
        }
        self.after_dot = false;
    }

    fn symbol(&mut self, c: char) {
        const OPERATORS: &[&str] = &["!=", "==", "<<", ">>", ":="];
        if let Some(operator) = OPERATORS.iter().find(|o| self.rest.starts_with(**o)) {
            self.take(Some("o"), operator.len());
        } else if "-~+/*%=<>&^|.@".contains(c) {
            let class = if self.expect == Expect::From {
                "nn"
            } else {
                "o"
            };
            self.take(Some(class), 1);
            if c == '.' && class == "o" {
                // The name that follows is an attribute; the caller's reset comes before it.
                let length = self.rest.find(|c| !is_name(c)).unwrap_or(self.rest.len());
                let word = self.rest.get(..length).unwrap_or_default();
                if starts_name(word) {
                    self.after_dot = true;
                    self.word(word);
                }
            }
        } else if "]{}:(),;[".contains(c) {
            if matches!(c, ';' | '(') {
                self.expect = Expect::Nothing;
            }
            self.take(Some("p"), 1);
        } else {
            self.take(if c == '\\' { None } else { Some("err") }, c.len_utf8());
        }
    }

    fn word(&mut self, word: &str) {
        let expect = std::mem::replace(&mut self.expect, Expect::Nothing);
        let after_dot = std::mem::take(&mut self.after_dot);
        let magic = word.len() > 4 && word.starts_with("__") && word.ends_with("__");
        let class = match word {
            "import" if matches!(expect, Expect::From) => "kn",
            "from" => {
                self.expect = Expect::From;
                "kn"
            }
            "import" => {
                self.expect = Expect::Import;
                "kn"
            }
            "as" if expect == Expect::Import => {
                self.expect = Expect::Import;
                "k"
            }
            _ if expect == Expect::Function => {
                if magic {
                    "fm"
                } else {
                    "nf"
                }
            }
            _ if expect == Expect::Class => "nc",
            _ if matches!(expect, Expect::From | Expect::Import) => {
                self.expect = expect;
                "nn"
            }
            _ if WORD_OPERATORS.contains(&word) => "ow",
            _ if CONSTANTS.contains(&word) => "kc",
            "def" => {
                self.expect = Expect::Function;
                "k"
            }
            "class" => {
                self.expect = Expect::Class;
                "k"
            }
            _ if KEYWORDS.contains(&word) => "k",
            _ if magic && word == "__init__" => "fm",
            _ if magic => "vm",
            _ if after_dot => "n",
            _ if BUILTINS.contains(&word) => "nb",
            _ if PSEUDO.contains(&word) => "bp",
            _ if is_exception(word) => "ne",
            _ => "n",
        };
        self.take(Some(class), word.len());
    }

    fn number(&mut self) {
        let bytes = self.rest.as_bytes();
        let run = |digit: fn(&u8) -> bool, from: usize| {
            let rest = bytes.get(from..).unwrap_or_default();
            rest.iter().take_while(|b| digit(b) || **b == b'_').count()
        };
        let (class, length) = match bytes {
            [b'0', b'x' | b'X', ..] => ("mh", 2 + run(u8::is_ascii_hexdigit, 2)),
            [b'0', b'o' | b'O', ..] => ("mo", 2 + run(u8::is_ascii_digit, 2)),
            [b'0', b'b' | b'B', ..] => ("mb", 2 + run(u8::is_ascii_digit, 2)),
            _ => {
                let mut length = run(u8::is_ascii_digit, 0);
                let mut class = "mi";
                if bytes.get(length) == Some(&b'.') {
                    class = "mf";
                    length += 1 + run(u8::is_ascii_digit, length + 1);
                }
                if matches!(bytes.get(length), Some(b'e' | b'E')) {
                    let sign = usize::from(matches!(bytes.get(length + 1), Some(b'+' | b'-')));
                    let digits = run(u8::is_ascii_digit, length + 1 + sign);
                    if digits > 0 {
                        class = "mf";
                        length += 1 + sign + digits;
                    }
                }
                (
                    class,
                    length + usize::from(matches!(bytes.get(length), Some(b'j' | b'J'))),
                )
            }
        };
        self.take(Some(class), length);
    }

    /// A string with its prefix of `prefix` bytes.
    fn string(&mut self, prefix: usize, line_start: bool) {
        let flags = self
            .rest
            .get(..prefix)
            .unwrap_or_default()
            .to_ascii_lowercase();
        if prefix > 0 {
            self.take(Some("sa"), prefix);
        }
        let quote = if self.rest.starts_with('"') {
            "\""
        } else {
            "'"
        };
        let triple = quote.repeat(3);
        let end = if self.rest.starts_with(&triple) {
            triple.as_str()
        } else {
            quote
        };
        let class = match (quote, end.len()) {
            (_, 3) if line_start && prefix == 0 => "sd",
            ("\"", _) => "s2",
            _ => "s1",
        };
        self.take(Some(class), end.len());
        let (raw, formatted) = (flags.contains('r'), flags.contains('f'));
        while !self.rest.is_empty() {
            if self.rest.starts_with(end) {
                self.take(Some(class), end.len());
                return;
            }
            if end.len() == 1 && self.rest.starts_with('\n') {
                return;
            }
            if self.rest.starts_with('\\') {
                let escape = escape_length(self.rest);
                self.take(
                    Some(if raw || class == "sd" { class } else { "se" }),
                    escape,
                );
            } else if formatted && self.rest.starts_with('{') && !self.rest.starts_with("{{") {
                self.interpolation();
            } else if let Some(length) =
                placeholder(self.rest).filter(|_| !formatted && class != "sd")
            {
                self.take(Some("si"), length);
            } else {
                let body = self.rest.get(1..).unwrap_or_default();
                let stop = self
                    .rest
                    .char_indices()
                    .skip(1)
                    .find(|(_, c)| "\\\n\"'%{".contains(*c));
                let length = stop.map_or(1 + body.len(), |(at, _)| at);
                self.take(Some(class), length);
            }
        }
    }

    /// An expression in an f-string.
    fn interpolation(&mut self) {
        self.take(Some("si"), 1);
        let mut depth = 0_usize;
        while let Some(c) = self.rest.chars().next() {
            match c {
                '}' if depth == 0 => {
                    self.take(Some("si"), 1);
                    return;
                }
                '\n' | '"' | '\'' => return,
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth = depth.saturating_sub(1),
                ':' | '!' if depth == 0 => {
                    let length = self.rest.find(['}', '{', '\n', '"', '\'']);
                    self.take(Some("si"), length.unwrap_or(self.rest.len()));
                    continue;
                }
                _ => {}
            }
            self.token(c);
        }
    }
}

fn escape_length(text: &str) -> usize {
    let body = text.get(1..).unwrap_or_default();
    let digits = |from: usize, n: usize| {
        from + body
            .bytes()
            .skip(from)
            .take(n)
            .take_while(u8::is_ascii_hexdigit)
            .count()
    };
    1 + match body.chars().next() {
        Some('x') => digits(1, 2),
        Some('u') => digits(1, 4),
        Some('U') => digits(1, 8),
        Some('0'..='7') => body
            .bytes()
            .take(3)
            .take_while(|b| (b'0'..=b'7').contains(b))
            .count(),
        Some(c) => c.len_utf8(),
        None => 0,
    }
}

/// `%s`, `%(name)d`, `{name}` in a string that is to be formatted.
fn placeholder(text: &str) -> Option<usize> {
    if let Some(body) = text.strip_prefix('%') {
        let name = match body.strip_prefix('(') {
            Some(name) => {
                1 + name
                    .find(|c| !is_name(c))
                    .filter(|n| name.get(*n..).is_some_and(|r| r.starts_with(')')))?
                    + 1
            }
            None => 0,
        };
        let flags = body.get(name..)?;
        let kind = flags.find(|c: char| !"-#0 +*.123456789hlL".contains(c))?;
        let found = flags
            .get(kind..)?
            .chars()
            .next()
            .filter(|c| "EeFfGgdiouxXcrsa%".contains(*c))?;
        return Some(1 + name + kind + found.len_utf8());
    }
    let body = text.strip_prefix('{')?;
    let end = body.find(|c| !(is_name(c) || ".[]".contains(c)))?;
    let after = body.get(end..)?;
    let format = after.strip_prefix([':', '!']).map_or(0, |f| {
        1 + f
            .find(|c: char| !c.is_ascii_alphanumeric() && !"<>=^+-#,._ ".contains(c))
            .unwrap_or(f.len())
    });
    after
        .get(format..)?
        .starts_with('}')
        .then_some(1 + end + format + 1)
}

fn is_exception(word: &str) -> bool {
    OTHER_EXCEPTIONS.contains(&word)
        || (word.starts_with(|c: char| c.is_ascii_uppercase())
            && (word.ends_with("Error") || word.ends_with("Warning"))
            && KNOWN_ERRORS.contains(&word))
}

const KNOWN_ERRORS: &[&str] = &[
    "ArithmeticError",
    "AssertionError",
    "AttributeError",
    "BlockingIOError",
    "BrokenPipeError",
    "BufferError",
    "BytesWarning",
    "ChildProcessError",
    "ConnectionAbortedError",
    "ConnectionError",
    "ConnectionRefusedError",
    "ConnectionResetError",
    "EOFError",
    "EnvironmentError",
    "FileExistsError",
    "FileNotFoundError",
    "FloatingPointError",
    "FutureWarning",
    "IOError",
    "ImportError",
    "ImportWarning",
    "IndentationError",
    "IndexError",
    "InterruptedError",
    "IsADirectoryError",
    "KeyError",
    "LookupError",
    "MemoryError",
    "ModuleNotFoundError",
    "NameError",
    "NotADirectoryError",
    "NotImplementedError",
    "OSError",
    "OverflowError",
    "PendingDeprecationWarning",
    "PermissionError",
    "ProcessLookupError",
    "RecursionError",
    "ReferenceError",
    "ResourceWarning",
    "RuntimeError",
    "RuntimeWarning",
    "SyntaxError",
    "SyntaxWarning",
    "SystemError",
    "TabError",
    "TimeoutError",
    "TypeError",
    "UnboundLocalError",
    "UnicodeDecodeError",
    "UnicodeEncodeError",
    "UnicodeError",
    "UnicodeTranslateError",
    "UnicodeWarning",
    "UserWarning",
    "ValueError",
    "Warning",
    "WindowsError",
    "ZeroDivisionError",
];

fn is_prefix(word: &str) -> bool {
    word.len() <= 2 && word.chars().all(|c| "rRbBuUfF".contains(c))
}

fn is_name_start(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn starts_name(text: &str) -> bool {
    text.starts_with(is_name_start)
}
