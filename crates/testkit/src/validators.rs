//! JSON Schemas of one document, and what values do not fit them.

use std::cell::RefCell;
use std::collections::HashMap;

use anyhow::anyhow;
use boon::{Compiler, Draft, ErrorKind, InstanceToken, SchemaIndex, Schemas, ValidationError};
use serde_json::Value;

/// Where the document is said to be.
const URL: &str = "http://localhost/document.json";

/// Something that does not fit.
pub(crate) struct Misfit {
    /// Where in the value: `place.field[*].field`.
    pub(crate) at: String,
    pub(crate) why: String,
}

/// The schemas of a document; each is compiled when it is needed first.
pub(crate) struct Validators(RefCell<Known>);

struct Known {
    compiler: Compiler,
    schemas: Schemas,
    /// By JSON pointer.
    compiled: HashMap<String, SchemaIndex>,
}

impl Validators {
    pub(crate) fn of(document: Value) -> anyhow::Result<Validators> {
        let mut compiler = Compiler::new();
        compiler.set_default_draft(Draft::V2020_12);
        compiler
            .add_resource(URL, document)
            .map_err(|error| anyhow!("{error:#}"))?;
        Ok(Validators(RefCell::new(Known {
            compiler,
            schemas: Schemas::new(),
            compiled: HashMap::new(),
        })))
    }

    /// Why `value`, which is called `place`, does not fit the schema at a JSON pointer.
    pub(crate) fn misfits(
        &self,
        pointer: &str,
        place: &str,
        value: &Value,
    ) -> anyhow::Result<Vec<Misfit>> {
        let mut known = self.0.borrow_mut();
        let Known {
            compiler,
            schemas,
            compiled,
        } = &mut *known;
        let index = match compiled.get(pointer) {
            Some(index) => *index,
            None => {
                let fragment = pointer
                    .replace('%', "%25")
                    .replace('{', "%7B")
                    .replace('}', "%7D")
                    .replace(' ', "%20");
                let compiling = compiler.compile(&format!("{URL}#{fragment}"), schemas);
                let index = compiling.map_err(|error| anyhow!("{pointer}: {error:#}"))?;
                compiled.insert(pointer.to_owned(), index);
                index
            }
        };
        Ok(match schemas.validate(value, index) {
            Ok(()) => vec![],
            Err(error) => innermost(&error)
                .into_iter()
                .map(|error| misfit(place, error))
                .collect(),
        })
    }
}

/// The errors that matter: of alternatives, those of the one that fits best.
fn innermost<'e, 's, 'v>(error: &'e ValidationError<'s, 'v>) -> Vec<&'e ValidationError<'s, 'v>> {
    let within = error.causes.iter().map(innermost);
    match error.kind {
        _ if error.causes.is_empty() => vec![error],
        ErrorKind::AnyOf | ErrorKind::OneOf(None) => {
            within.min_by_key(Vec::len).unwrap_or_default()
        }
        _ => within.flatten().collect(),
    }
}

fn misfit(place: &str, error: &ValidationError<'_, '_>) -> Misfit {
    let mut at = place.to_owned();
    for token in &error.instance_location.tokens {
        match token {
            InstanceToken::Prop(name) => at.extend([".", name]),
            InstanceToken::Item(_) => at.push_str("[*]"),
        }
    }
    let why = error.kind.to_string().chars().take(300).collect();
    Misfit { at, why }
}
