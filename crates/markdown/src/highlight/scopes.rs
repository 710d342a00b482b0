//! From the scopes of Sublime Text's grammars to the classes of Pygments.

use std::sync::OnceLock;

use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxSet};

use super::Token;

/// Scopes by their beginning, the more special ones first; an empty class leaves the decision to the scope around.
const CLASSES: &[(&str, &str)] = &[
    ("punctuation.definition", ""),
    ("punctuation.section.embedded", "si"),
    ("punctuation.section.interpolation", "si"),
    ("punctuation", "p"),
    ("comment.line.shebang", "ch"),
    ("comment.block", "cm"),
    ("comment", "c1"),
    ("string.regexp", "sr"),
    ("string.quoted.other", "sx"),
    ("string.unquoted.heredoc", "sh"),
    ("string.quoted", "s"),
    ("string.unquoted", ""),
    ("string", "s"),
    ("constant.character.escape", "se"),
    ("constant.other.placeholder", "si"),
    ("constant.character", "sc"),
    ("constant.numeric.float", "mf"),
    ("constant.numeric.hex", "mh"),
    ("constant.numeric.integer.hexadecimal", "mh"),
    ("constant.numeric", "m"),
    ("constant.language", "kc"),
    ("constant.other.symbol", "ss"),
    ("constant.other.color", "mh"),
    ("constant", "no"),
    ("keyword.operator.word", "ow"),
    ("keyword.operator", "o"),
    ("keyword.control.import", "kn"),
    ("keyword.control.directive", "cp"),
    ("keyword.other.unit", "kt"),
    ("keyword.declaration", "kd"),
    ("keyword", "k"),
    ("storage.type.numeric", "kt"),
    ("storage.type.primitive", "kt"),
    ("storage.type.function", "kd"),
    ("storage.type.class", "kd"),
    ("storage.type", "kt"),
    ("storage", "kd"),
    ("entity.name.function", "nf"),
    ("entity.name.tag", "nt"),
    ("entity.name.namespace", "nn"),
    ("entity.name.label", "nl"),
    ("entity.name.constant", "no"),
    ("entity.name.section", "gh"),
    ("entity.name", "nc"),
    ("entity.other.attribute-name", "na"),
    ("support.function", "nb"),
    ("support.type.property-name", "k"),
    ("support.type", "kt"),
    ("support.class", "nc"),
    ("support.constant", "kc"),
    ("variable.annotation", "nd"),
    ("variable.language", "bp"),
    ("variable.function", "nf"),
    ("variable.parameter", "n"),
    ("variable.other.readwrite.shell", "nv"),
    ("variable.other.php", "nv"),
    ("markup.inserted", "gi"),
    ("markup.deleted", "gd"),
    ("markup.heading", "gh"),
    ("markup.bold", "gs"),
    ("markup.italic", "ge"),
    ("markup.raw", "s"),
    ("meta.diff.header", "gh"),
    ("meta.diff.range", "gu"),
    ("meta.mapping.key", ""),
    ("invalid", "err"),
];

struct Grammars {
    set: SyntaxSet,
    classes: Vec<(Scope, &'static str)>,
    hexadecimal: Option<Scope>,
    float: Option<Scope>,
}

fn is_within(stack: &ScopeStack, kind: Option<Scope>) -> bool {
    kind.is_some_and(|kind| {
        stack
            .as_slice()
            .iter()
            .any(|scope| kind.is_prefix_of(*scope))
    })
}

fn grammars() -> &'static Grammars {
    static GRAMMARS: OnceLock<Grammars> = OnceLock::new();
    GRAMMARS.get_or_init(|| Grammars {
        hexadecimal: Scope::new("meta.number.integer.hexadecimal").ok(),
        float: Scope::new("meta.number.float").ok(),
        set: two_face::syntax::extra_newlines(),
        classes: CLASSES
            .iter()
            .filter_map(|(name, class)| Some((Scope::new(name).ok()?, *class)))
            .collect(),
    })
}

/// The tokens of `text` by the grammar of that name; `spaces` gives white space a class.
pub(super) fn tokens<'t>(grammar: &str, spaces: bool, text: &'t str) -> Option<Vec<Token<'t>>> {
    let grammars = grammars();
    let syntax = grammars.set.find_syntax_by_name(grammar)?;
    let mut state = ParseState::new(syntax);
    let mut stack = ScopeStack::new();
    let mut tokens = Vec::new();
    for line in text.split_inclusive('\n') {
        // The last line of what we are given may lack the line break that grammars expect.
        let operations = state.parse_line(line, &grammars.set).ok()?;
        let mut at = 0;
        for (position, operation) in operations {
            push(
                grammars,
                &stack,
                line.get(at..position).unwrap_or_default(),
                spaces,
                &mut tokens,
            );
            at = position;
            stack.apply(&operation).ok()?;
        }
        push(
            grammars,
            &stack,
            line.get(at..).unwrap_or_default(),
            spaces,
            &mut tokens,
        );
    }
    Some(tokens)
}

/// Whether there is a grammar of that name.
#[cfg(test)]
pub(super) fn has(grammar: &str) -> bool {
    grammars().set.find_syntax_by_name(grammar).is_some()
}

fn push<'t>(
    grammars: &Grammars,
    stack: &ScopeStack,
    text: &'t str,
    spaces: bool,
    tokens: &mut Vec<Token<'t>>,
) {
    if text.is_empty() {
        return;
    }
    match class(grammars, stack, text) {
        Some(class) => tokens.push((Some(class), text)),
        None => plain(text, spaces, tokens),
    }
}

fn class(grammars: &Grammars, stack: &ScopeStack, text: &str) -> Option<&'static str> {
    let found = stack.as_slice().iter().rev().find_map(|scope| {
        let found = grammars
            .classes
            .iter()
            .find(|(prefix, _)| prefix.is_prefix_of(*scope));
        found
            .map(|(_, class)| *class)
            .filter(|class| !class.is_empty())
    })?;
    Some(match found {
        // Prefix and digits of a number are pieces of their own; what kind it is the scope around them says.
        "m" if is_within(stack, grammars.hexadecimal) || text.starts_with("0x") => "mh",
        "m" if is_within(stack, grammars.float) || text.contains('.') => "mf",
        "m" => "mi",
        "o" if text.chars().all(char::is_alphabetic) => "ow",
        // White space between words is not part of a declaration.
        _ if text.trim().is_empty() && !matches!(found, "s" | "c1" | "cm" | "sh") => return None,
        found => found,
    })
}

/// Code of which the grammar says nothing: names, operators, punctuation, white space.
fn plain<'t>(text: &'t str, spaces: bool, tokens: &mut Vec<Token<'t>>) {
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let kind = kind(first);
        let length = rest.find(|c| self::kind(c) != kind).unwrap_or(rest.len());
        let (piece, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        let class = match kind {
            Kind::Name => Some("n"),
            Kind::Operator => Some("o"),
            Kind::Punctuation => Some("p"),
            Kind::Space => spaces.then_some("w"),
        };
        tokens.push((class, piece));
        rest = after;
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Name,
    Operator,
    Punctuation,
    Space,
}

fn kind(c: char) -> Kind {
    match c {
        c if c.is_whitespace() => Kind::Space,
        '+' | '-' | '*' | '/' | '%' | '=' | '<' | '>' | '!' | '&' | '|' | '^' | '~' | '?' => {
            Kind::Operator
        }
        c if c.is_ascii_punctuation() && c != '_' => Kind::Punctuation,
        _ => Kind::Name,
    }
}
