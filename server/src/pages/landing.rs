//! What the bare host shows where no organisation is served at it.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use narrows_runtime::config::ServerConfig;

use super::{assets, html};
use crate::error::ServerError;

#[derive(Template)]
#[template(path = "landing.html")]
pub(crate) struct LandingPage {
    /// The address of an organisation, as an example.
    pub(crate) example: String,
    pub(crate) styles: Option<String>,
}

/// The page.
pub(crate) fn page(config: &ServerConfig) -> Result<HttpResponse, ServerError> {
    let scheme = if config.https() { "https" } else { "http" };
    let page = LandingPage {
        example: format!("{scheme}://your-team.{}", config.external_host),
        styles: assets::page_styles(),
    };
    html(&page, StatusCode::OK)
}
