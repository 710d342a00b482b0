//! URL templates (RFC 6570) of linkifiers.

/// A parsed template.
#[derive(Debug)]
pub(crate) struct UrlTemplate(Vec<Part>);

#[derive(Debug)]
enum Part {
    Literal(String),
    Expression {
        operator: Operator,
        variables: Vec<Variable>,
    },
}

#[derive(Debug)]
struct Variable {
    name: String,
    prefix: Option<usize>,
}

/// How an expression begins, separates its values, and whether it names them and keeps reserved characters.
#[derive(Debug, Clone, Copy)]
struct Operator {
    first: &'static str,
    separator: &'static str,
    named: bool,
    if_empty: &'static str,
    reserved: bool,
}

const PLAIN: Operator = Operator {
    first: "",
    separator: ",",
    named: false,
    if_empty: "",
    reserved: false,
};

fn operator(c: char) -> Option<Operator> {
    Some(match c {
        '+' => Operator {
            reserved: true,
            ..PLAIN
        },
        '#' => Operator {
            first: "#",
            reserved: true,
            ..PLAIN
        },
        '.' => Operator {
            first: ".",
            separator: ".",
            ..PLAIN
        },
        '/' => Operator {
            first: "/",
            separator: "/",
            ..PLAIN
        },
        ';' => Operator {
            first: ";",
            separator: ";",
            named: true,
            ..PLAIN
        },
        '?' => Operator {
            first: "?",
            separator: "&",
            named: true,
            if_empty: "=",
            ..PLAIN
        },
        '&' => Operator {
            first: "&",
            separator: "&",
            named: true,
            if_empty: "=",
            ..PLAIN
        },
        _ => return None,
    })
}

impl UrlTemplate {
    pub(crate) fn parse(template: &str) -> Option<Self> {
        let mut parts = Vec::new();
        let mut rest = template;
        while let Some((literal, after)) = rest.split_once('{') {
            if literal.contains('}') {
                return None;
            }
            parts.push(Part::Literal(literal.to_owned()));
            let (expression, after) = after.split_once('}')?;
            parts.push(parse_expression(expression)?);
            rest = after;
        }
        if rest.contains('}') {
            return None;
        }
        parts.push(Part::Literal(rest.to_owned()));
        Some(Self(parts))
    }

    pub(crate) fn variables(&self) -> impl Iterator<Item = &str> {
        self.0.iter().flat_map(|part| {
            match part {
                Part::Literal(_) => [].iter(),
                Part::Expression { variables, .. } => variables.iter(),
            }
            .map(|variable| variable.name.as_str())
        })
    }

    pub(crate) fn expand<'v>(&self, value: impl Fn(&str) -> Option<&'v str>) -> String {
        let mut out = String::new();
        for part in &self.0 {
            match part {
                Part::Literal(text) => encode(text, true, &mut out),
                Part::Expression {
                    operator,
                    variables,
                } => {
                    let mut separator = operator.first;
                    for variable in variables {
                        let Some(value) = value(&variable.name) else {
                            continue;
                        };
                        out.push_str(separator);
                        separator = operator.separator;
                        expand_variable(*operator, variable, value, &mut out);
                    }
                }
            }
        }
        out
    }
}

fn expand_variable(operator: Operator, variable: &Variable, value: &str, out: &mut String) {
    if operator.named {
        out.push_str(&variable.name);
        out.push_str(if value.is_empty() {
            operator.if_empty
        } else {
            "="
        });
    }
    let end = variable
        .prefix
        .and_then(|n| value.char_indices().nth(n))
        .map_or(value.len(), |c| c.0);
    encode(value.get(..end).unwrap_or_default(), operator.reserved, out);
}

fn parse_expression(text: &str) -> Option<Part> {
    let found = text.chars().next().and_then(operator);
    let names = if found.is_some() {
        text.get(1..)?
    } else {
        text
    };
    let variables = names
        .split(',')
        .map(parse_variable)
        .collect::<Option<Vec<_>>>()?;
    Some(Part::Expression {
        operator: found.unwrap_or(PLAIN),
        variables,
    })
}

fn parse_variable(text: &str) -> Option<Variable> {
    let text = text.strip_suffix('*').unwrap_or(text);
    let (name, prefix) = match text.split_once(':') {
        Some((name, length)) => (name, Some(length.parse().ok()?)),
        None => (text, None),
    };
    let valid = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
    valid.then(|| Variable {
        name: name.to_owned(),
        prefix,
    })
}

/// Percent-encodes; `reserved` keeps what has a meaning in an address, and what is encoded already.
fn encode(text: &str, reserved: bool, out: &mut String) {
    let bytes = text.as_bytes();
    for (at, byte) in text.bytes().enumerate() {
        let encoded = || {
            bytes
                .get(at + 1..at + 3)
                .is_some_and(|d| d.iter().all(u8::is_ascii_hexdigit))
        };
        let keep = match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => true,
            b'%' => reserved && encoded(),
            _ => reserved && b":/?#[]@!$&'()*+,;=".contains(&byte),
        };
        if keep {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
}
