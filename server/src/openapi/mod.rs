//! The description of the API, made from what there is: the table of routes ([`crate::routes`]) says which operations
//! there are, what they do and who may call them; the types of their handlers ([`signature`]) say what they take and
//! answer. Nothing is written for the description alone but the line that says what an operation does.

mod document;
mod operation;
mod signature;

use std::sync::LazyLock;

use actix_web::HttpResponse;
use serde_json::Value;

pub use operation::{Operation, Parameter};
pub use signature::{Callers, Describe, Schemas, Signature, describe};

/// The description.
pub struct OpenApi {
    /// In the order in which people read of them.
    pub operations: Vec<Operation>,
    /// The OpenAPI document.
    pub document: Value,
}

/// The description of the API.
pub fn api() -> &'static OpenApi {
    static API: LazyLock<OpenApi> = LazyLock::new(|| {
        let (operations, schemas) = operation::all();
        OpenApi {
            document: document::document(&operations, schemas),
            operations,
        }
    });
    &API
}

/// `GET /api/openapi.json`.
pub async fn get() -> HttpResponse {
    HttpResponse::Ok().json(&api().document)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_described() {
        use crate::routes::{API, API_V1};
        for entry in API_V1.iter().chain(API) {
            assert!(entry.about.is_some(), "{} {}", entry.method, entry.path);
        }
        for operation in &api().operations {
            assert_ne!(operation.tag, "", "{}", operation.id());
        }
    }

    #[test]
    fn operations_have_names_of_their_own() {
        let mut ids: Vec<String> = api().operations.iter().map(Operation::id).collect();
        let all = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), all);
    }

    #[test]
    fn parameters_and_answers_come_from_the_handlers_types() {
        let at = |pointer: &str| api().document.pointer(pointer).cloned().unwrap_or_default();
        let send = "/paths/~1messages/post";
        let form = "requestBody/content/application~1x-www-form-urlencoded/schema";
        let text = at(&format!("{send}/{form}/properties/content/type"));
        assert_eq!(text, "string");
        let required = at(&format!("{send}/{form}/required"));
        assert_eq!(required, serde_json::json!(["content", "type"]));
        let answer = at(&format!(
            "{send}/responses/200/content/application~1json/schema"
        ));
        assert_eq!(answer["properties"]["id"]["type"], "integer");
        assert_eq!(
            at("/paths/~1users/post/description"),
            "Who may call: Administrators and owners."
        );
    }
}
