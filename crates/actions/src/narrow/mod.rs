//! Narrows: which messages somebody wants to see.
//!
//! [`parse`](parse::parse) turns what a client sends into [`Term`]s, [`resolve`] looks up the names in them as the reader
//! may see them and makes a [`narrows_store::queries::narrow::Narrow`], and [`highlight`] marks what a search found.
//!
//! To add an operator: a variant in [`term`], its reading in [`parse`], its meaning in [`resolve`].

pub(crate) mod highlight;
mod parse;
mod resolve;
pub mod term;

pub use parse::parse;
pub use resolve::Viewer;
pub(crate) use resolve::{Resolved, resolve};
pub use term::Term;
