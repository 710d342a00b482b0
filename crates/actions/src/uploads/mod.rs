//! Files that people upload: taken in, linked to by messages, read, and deleted.
//!
//! The row of a file is in the database; its bytes are in the object store, under a key that holds nothing of what the
//! uploader chose. Who may read a message that links to a file may read the file, and so may its owner.

mod access;
mod link;
mod object;
mod receive;
mod remove;
mod temporary;

use object_store::path::Path;

use crate::error::Error;

pub use access::{FileAccess, access_file, read};
pub(crate) use link::{Claims, claim, relink};
pub use object::{Attachments, list};
pub use receive::{Incoming, begin};
pub(crate) use remove::delete_left;
pub use remove::{delete, delete_stored};
pub use temporary::{access_temporary, temporary_url};

/// Where the bytes of a file are: its path without the name, which can be anything.
fn key(path_id: &str) -> String {
    path_id.split('/').take(3).collect::<Vec<_>>().join("/")
}

/// Where the bytes of the file with this path are.
pub(crate) fn place_of(path_id: &str) -> Path {
    place(&key(path_id))
}

fn place(key: &str) -> Path {
    Path::from(key)
}

/// The storage did not do what it was asked.
pub(crate) fn unavailable(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::Unavailable {
        component: "the storage of files",
        source: source.into(),
    }
}
