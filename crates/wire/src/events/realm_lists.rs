//! Lists of a realm that are sent whole whenever they change.

use serde::Serialize;

/// Patterns that become links.
#[derive(Clone, Debug, Serialize)]
pub struct RealmLinkifiers {
    /// All of them, in the order in which they match.
    pub realm_linkifiers: Vec<Linkifier>,
}

/// A pattern that becomes a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Linkifier {
    /// Its id.
    pub id: i32,
    /// Regular expression with named groups.
    pub pattern: String,
    /// URL template that uses the groups.
    pub url_template: String,
}

/// Where code of a language can be tried out.
#[derive(Clone, Debug, Serialize)]
pub struct RealmPlaygrounds {
    /// All of them, oldest first.
    pub realm_playgrounds: Vec<Playground>,
}

/// A website that runs code of a language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Playground {
    /// Its id.
    pub id: i32,
    /// What people call it.
    pub name: String,
    /// The language, as `data-code-language` names it.
    pub pygments_language: String,
    /// URL template with the variable `code`.
    pub url_template: String,
}
