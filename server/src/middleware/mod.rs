//! What happens to every request around its handler.

pub mod admission;
pub mod client;
pub mod csrf;
pub mod observe;
pub mod security_headers;
