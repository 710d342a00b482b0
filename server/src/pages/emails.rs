//! Mail that was caught in development, newest first.

use std::io;
use std::path::Path;

use actix_web::http::header::ContentType;
use actix_web::{HttpResponse, web};
use narrows_actions::Ctx;

use crate::error::ServerError;

/// How many mails are shown.
const SHOWN: usize = 50;

/// `GET /emails`: the mails as they were sent, as plain text. In production there is no such page.
pub async fn get(ctx: web::Data<Ctx>) -> Result<HttpResponse, ServerError> {
    if !ctx.config.server.development {
        return Err(ServerError::PageNotFound);
    }
    let directory = Path::new(&ctx.config.server.data_dir).join("emails");
    let mails = web::block(move || newest(&directory))
        .await
        .map_err(ServerError::internal)?
        .map_err(ServerError::internal)?;
    let page = match mails.is_empty() {
        true => "No mail was sent yet.\n".to_owned(),
        false => mails.join("\n\n────────────────────────────────\n\n"),
    };
    Ok(HttpResponse::Ok()
        .content_type(ContentType::plaintext())
        .body(page))
}

/// Names of files sort by time. Before the first mail there is no directory.
fn newest(directory: &Path) -> io::Result<Vec<String>> {
    let entries = match std::fs::read_dir(directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(vec![]),
        entries => entries?,
    };
    let mut paths = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<io::Result<Vec<_>>>()?;
    paths.retain(|path| path.extension().is_some_and(|end| end == "eml"));
    paths.sort();
    let mails = paths.iter().rev().take(SHOWN);
    mails
        .map(|path| Ok(String::from_utf8_lossy(&std::fs::read(path)?).into_owned()))
        .collect()
}
