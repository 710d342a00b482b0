//! Fetching is authorising: rows reach actions through these functions, which return proof types.

pub mod streams;
