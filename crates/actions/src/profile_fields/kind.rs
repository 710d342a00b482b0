//! The types of fields: what a field of each type is made of, and what fits into it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use narrows_wire::UserId;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

use crate::error::{Error, Result};

/// Longest values.
const MAX_SHORT: usize = 50;
const MAX_LONG: usize = 500;
/// What stands for the name of an account in the URL of one.
const USERNAME: &str = "%(username)s";
/// The `subtype` of accounts elsewhere that the realm describes itself.
const CUSTOM: &str = "custom";

/// The type of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    ShortText = 1,
    LongText = 2,
    Select = 3,
    Date = 4,
    Url = 5,
    Users = 6,
    ExternalAccount = 7,
    Pronouns = 8,
}

/// Each with its names in the API and for people.
const KINDS: [(Kind, &str, &str); 8] = [
    (Kind::ShortText, "SHORT_TEXT", "Text (short)"),
    (Kind::LongText, "LONG_TEXT", "Text (long)"),
    (Kind::Select, "SELECT", "List of options"),
    (Kind::Date, "DATE", "Date"),
    (Kind::Url, "URL", "Link"),
    (Kind::Users, "USER", "Users"),
    (
        Kind::ExternalAccount,
        "EXTERNAL_ACCOUNT",
        "External account",
    ),
    (Kind::Pronouns, "PRONOUNS", "Pronouns"),
];

/// Accounts elsewhere that every realm knows: key, text, name of the field, URL.
const ACCOUNTS: [(&str, &str, &str, &str); 2] = [
    (
        "twitter",
        "Twitter",
        "Twitter username",
        "https://twitter.com/%(username)s",
    ),
    (
        "github",
        "GitHub",
        "GitHub username",
        "https://github.com/%(username)s",
    ),
];

/// One of a list of options.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Choice {
    text: String,
    order: String,
}

/// Where accounts elsewhere are.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Account {
    subtype: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url_pattern: Option<String>,
}

/// A value that fits.
pub(super) struct Fitting {
    /// As it is stored.
    pub(super) stored: String,
    /// People whom it names, who are to be looked up.
    pub(super) users: Vec<UserId>,
}

/// The types as clients learn them.
pub fn types() -> Value {
    let types = KINDS.map(|(kind, key, name)| {
        let id = kind as i16;
        (key.to_owned(), json!({ "id": id, "name": name }))
    });
    Value::Object(types.into_iter().collect())
}

/// The known accounts elsewhere as clients learn them.
pub fn external_accounts() -> Value {
    let accounts = ACCOUNTS.map(|(key, text, name, url_pattern)| {
        let account = json!({ "text": text, "name": name, "hint": "", "url_pattern": url_pattern });
        (key.to_owned(), account)
    });
    Value::Object(accounts.into_iter().collect())
}

/// What the field is called whose data names a known account elsewhere.
pub(super) fn default_name(kind: Kind, field_data: &str) -> Option<&'static str> {
    let account: Account = match kind {
        Kind::ExternalAccount => serde_json::from_str(field_data).ok()?,
        _ => return None,
    };
    let known = ACCOUNTS.iter().find(|(key, ..)| *key == account.subtype);
    known.map(|(_, _, name, _)| *name)
}

impl Kind {
    pub(super) fn from_number(number: i16) -> Option<Kind> {
        let mut kinds = KINDS.iter().map(|(kind, ..)| *kind);
        kinds.find(|kind| *kind as i16 == number)
    }

    /// Values are text in which markdown is shown.
    pub(super) fn is_rendered(self) -> bool {
        matches!(self, Kind::ShortText | Kind::LongText)
    }

    /// Values are short enough for small profiles.
    pub(super) fn fits_summary(self) -> bool {
        !matches!(self, Kind::LongText | Kind::Users)
    }

    /// The field's data as it is stored.
    pub(super) fn check_data(self, data: &Value) -> Result<String> {
        Ok(match self {
            Kind::Select => serde_json::to_string(&check_choices(data)?)?,
            Kind::ExternalAccount => serde_json::to_string(&check_account(data)?)?,
            _ => String::new(),
        })
    }

    /// Whether a value fits into the field of that name and data.
    pub(super) fn check_value(self, name: &str, data: &str, value: &Value) -> Result<Fitting> {
        if self == Kind::Users {
            return check_users(value);
        }
        let Some(text) = value.as_str() else {
            return Err(Error::bad_request(format!("{name} is not a string")));
        };
        match self {
            Kind::LongText => check_length(name, text, MAX_LONG)?,
            Kind::Select => {
                let choices: BTreeMap<String, Choice> = serde_json::from_str(data)?;
                if !choices.contains_key(text) {
                    let msg = format!("'{text}' is not a valid choice for '{name}'.");
                    return Err(Error::bad_request(msg));
                }
            }
            Kind::Date => {
                let date = NaiveDate::parse_from_str(text, "%Y-%m-%d");
                if !date.is_ok_and(|date| date.to_string() == text) {
                    return Err(Error::bad_request(format!("{name} is not a date")));
                }
            }
            Kind::Url => check_url(name, text)?,
            _ => check_length(name, text, MAX_SHORT)?,
        }
        Ok(Fitting {
            stored: text.to_owned(),
            users: vec![],
        })
    }
}

/// The keys of a list of options: what values of the field are.
pub(super) fn choices(field_data: &str) -> Result<Vec<String>> {
    let choices: BTreeMap<String, Choice> = serde_json::from_str(field_data)?;
    Ok(choices.into_keys().collect())
}

fn check_choices(data: &Value) -> Result<BTreeMap<String, Choice>> {
    let choices: BTreeMap<String, Choice> = BTreeMap::deserialize(data)
        .map_err(|error| Error::bad_request(format!("Bad value for 'field_data': {error}")))?;
    if choices.is_empty() {
        return Err(Error::bad_request("Field must have at least one choice."));
    }
    if choices
        .iter()
        .any(|(key, choice)| key.trim().is_empty() || choice.text.trim().is_empty())
    {
        return Err(Error::bad_request("'value' cannot be blank."));
    }
    let mut texts: Vec<&str> = choices
        .values()
        .map(|choice| choice.text.as_str())
        .collect();
    texts.sort_unstable();
    texts.dedup();
    match texts.len() == choices.len() {
        true => Ok(choices),
        false => Err(Error::bad_request("Field must not have duplicate choices.")),
    }
}

fn check_account(data: &Value) -> Result<Account> {
    let account = Account::deserialize(data)
        .map_err(|error| Error::bad_request(format!("Bad value for 'field_data': {error}")))?;
    if account.subtype != CUSTOM {
        return match ACCOUNTS.iter().any(|(key, ..)| *key == account.subtype) {
            true => Ok(account),
            false => Err(Error::bad_request("Invalid external account type")),
        };
    }
    let Some(pattern) = &account.url_pattern else {
        let msg = "Custom external account must define URL pattern";
        return Err(Error::bad_request(msg));
    };
    if pattern.matches(USERNAME).count() != 1 {
        return Err(Error::bad_request("Malformed URL pattern."));
    }
    check_url("url_pattern", &pattern.replace(USERNAME, "username"))?;
    Ok(account)
}

fn check_users(value: &Value) -> Result<Fitting> {
    let Some(values) = value.as_array() else {
        return Err(Error::bad_request("User IDs is not a list"));
    };
    let ids = values.iter().enumerate().map(|(index, id)| {
        let id = id.as_i64().and_then(|id| i32::try_from(id).ok());
        let wrong = || Error::bad_request(format!("User IDs[{index}] is not an integer"));
        id.map(UserId).ok_or_else(wrong)
    });
    let users: Vec<UserId> = ids.collect::<Result<_>>()?;
    Ok(Fitting {
        stored: serde_json::to_string(&users)?,
        users,
    })
}

fn check_length(name: &str, text: &str, max: usize) -> Result<()> {
    match text.chars().count() > max {
        true => Err(Error::bad_request(format!(
            "{name} is too long (limit: {max} characters)"
        ))),
        false => Ok(()),
    }
}

fn check_url(name: &str, text: &str) -> Result<()> {
    let url = Url::parse(text).ok();
    match url.is_some_and(|url| ["http", "https"].contains(&url.scheme())) {
        true => Ok(()),
        false => Err(Error::bad_request(format!("{name} is not a URL"))),
    }
}
