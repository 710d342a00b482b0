//! Tests of the whole way from text to HTML.
mod browser;
mod mentions;
mod recordings;
mod safety;
mod tree;
