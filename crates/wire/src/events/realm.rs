//! Events about the organisation as a whole.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::ids::RealmId;

/// See the API's `realm`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum RealmEvent {
    /// A setting changed.
    Update {
        /// Which.
        property: String,
        /// The new value.
        value: Value,
    },
    /// It was closed: nobody gets in any more.
    Deactivated {
        /// It.
        realm_id: RealmId,
    },
    /// Settings changed, some of which are told in this form for historical reasons.
    UpdateDict {
        /// `default`, or the name of a picture.
        property: &'static str,
        /// The new values.
        data: Map<String, Value>,
    },
}

/// See the API's `custom_profile_fields`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CustomProfileFields {
    /// All of them, in their order.
    pub fields: Vec<CustomProfileField>,
}

/// A field of people's profiles.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CustomProfileField {
    /// Its id.
    pub id: i32,
    /// The API's field type.
    #[serde(rename = "type")]
    pub kind: i16,
    /// From 1.
    pub order: i32,
    /// What it is called.
    pub name: String,
    /// Shown to who fills it in.
    pub hint: String,
    /// JSON as text, or "".
    pub field_data: String,
    /// Shown on small profiles.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub display_in_profile_summary: bool,
    /// Everybody shall fill it in.
    pub required: bool,
    /// People fill it in themselves; else administrators do it for them.
    pub editable_by_user: bool,
}
