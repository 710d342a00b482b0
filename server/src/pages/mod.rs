//! Pages for people: log-in, the web client's shell, errors. Every page is an askama template in `templates/pages/`.

pub mod app;
pub mod assets;
pub mod avatars;
pub mod emails;
pub mod emoji;
pub mod exports;
pub mod join;
mod landing;
pub mod login;
pub mod reference;
pub mod session;
pub mod uploads;

#[cfg(test)]
mod tests;

use actix_web::http::StatusCode;
use actix_web::http::header::ContentType;
use actix_web::{HttpResponse, ResponseError};
use askama::Template;

use crate::error::ServerError;

/// A page that says what went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No such page.
    NotFound,
    /// No organisation at this address.
    NoSuchRealm,
    /// The organisation was closed.
    Deactivated,
    /// The link of an invitation is wrong, or too old.
    NoInvitation,
    /// A form came without its token.
    Csrf,
    /// The file is in no message that the viewer may read.
    FileDenied,
    /// No such file.
    FileMissing,
}

#[derive(Template)]
#[template(path = "error.html")]
pub(crate) struct ErrorPage {
    pub(crate) title: &'static str,
    pub(crate) text: &'static str,
    pub(crate) styles: Option<String>,
}

impl Failure {
    /// The status of the page.
    pub fn status(self) -> StatusCode {
        match self {
            Failure::NotFound
            | Failure::NoSuchRealm
            | Failure::NoInvitation
            | Failure::FileMissing => StatusCode::NOT_FOUND,
            Failure::Csrf | Failure::Deactivated | Failure::FileDenied => StatusCode::FORBIDDEN,
        }
    }

    /// The page.
    pub fn respond(self) -> HttpResponse {
        let (title, text) = match self {
            Failure::NotFound => ("Page not found", "There is nothing at this address."),
            Failure::NoSuchRealm => (
                "No such organization",
                "No organization is served at this address.",
            ),
            Failure::Deactivated => (
                "Closed",
                "This organization was deactivated. Ask those who ran it.",
            ),
            Failure::NoInvitation => (
                "No such invitation",
                "This link was used, has expired or was taken back. Ask for another one.",
            ),
            Failure::Csrf => (
                "Please try again",
                "The form was out of date. Load the page anew and send it again.",
            ),
            Failure::FileDenied => ("Not for you", "You are not authorized to view this file."),
            Failure::FileMissing => (
                "File not found",
                "This file does not exist or has been deleted.",
            ),
        };
        let page = ErrorPage {
            title,
            text,
            styles: assets::page_styles(),
        };
        html(&page, self.status()).unwrap_or_else(|error| error.error_response())
    }
}

/// An answer with a page.
pub(crate) fn html(page: &impl Template, status: StatusCode) -> Result<HttpResponse, ServerError> {
    let body = page.render().map_err(ServerError::internal)?;
    Ok(HttpResponse::build(status)
        .content_type(ContentType::html())
        .body(body))
}
