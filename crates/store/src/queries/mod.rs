//! Queries that span tables, one file per noun.

pub mod memberships;
