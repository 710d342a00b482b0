//! A compressed archive, written into the storage of files as it grows: no more than a piece of it is in memory.

use std::io::{self, Write};

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use object_store::buffered::BufWriter;
use object_store::path::Path;
use tar::{Builder, Header};
use tokio::io::AsyncWriteExt;

use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::uploads::unavailable;

/// How much waits for the storage: the least that S3 takes as a part.
const PART: usize = 5 << 20;
/// Bytes of a block of a tar archive; files end at the end of one.
const BLOCK: u64 = 512;
/// Longest path that fits into a header.
const LONGEST_PATH: usize = 100;

type Tar = Builder<GzEncoder<Vec<u8>>>;

/// An archive that is being written.
pub(super) struct Archive {
    /// Not there while a thread compresses.
    tar: Option<Tar>,
    writer: BufWriter,
    /// Of all files in it.
    modified: u64,
    size: u64,
}

impl Archive {
    pub(super) fn create(ctx: &Ctx, key: &str) -> Archive {
        let place = Path::from(key);
        let encoder = GzEncoder::new(Vec::new(), Compression::default());
        Archive {
            tar: Some(Builder::new(encoder)),
            writer: BufWriter::with_capacity(ctx.files.clone(), place, PART),
            modified: ctx.clock.now().timestamp().unsigned_abs(),
            size: 0,
        }
    }

    /// A file that is there as a whole.
    pub(super) async fn add(&mut self, path: String, content: Vec<u8>) -> Result<()> {
        let size = content.len() as u64;
        self.begin(path, size).await?;
        self.write(content.into()).await?;
        self.end(size).await
    }

    /// Begins a file of so many bytes.
    pub(super) async fn begin(&mut self, path: String, size: u64) -> Result<()> {
        let modified = self.modified;
        self.compress(move |tar| {
            let mut header = Header::new_ustar();
            header.set_size(size);
            header.set_mode(0o600);
            header.set_mtime(modified);
            let name = match path.len() > LONGEST_PATH {
                // The name in the header does not count then.
                true => {
                    tar.append_pax_extensions([("path", path.as_bytes())])?;
                    "long-path"
                }
                false => &path,
            };
            header.set_path(name)?;
            header.set_cksum();
            tar.get_mut().write_all(header.as_bytes())
        })
        .await
    }

    /// The next bytes of the file.
    pub(super) async fn write(&mut self, piece: Bytes) -> Result<()> {
        self.compress(move |tar| tar.get_mut().write_all(&piece))
            .await
    }

    /// Ends a file, of which all of its `size` bytes were written.
    pub(super) async fn end(&mut self, size: u64) -> Result<()> {
        let missing = size.next_multiple_of(BLOCK) - size;
        self.compress(move |tar| {
            io::copy(&mut io::Read::take(io::repeat(0), missing), tar.get_mut()).map(drop)
        })
        .await
    }

    /// Stores the archive; its size.
    pub(super) async fn finish(mut self) -> Result<u64> {
        let tar = self.tar.take().ok_or_else(broken)?;
        let rest = on_a_thread(move || tar.into_inner()?.finish()).await?;
        self.put(rest).await?;
        self.writer.shutdown().await.map_err(unavailable)?;
        Ok(self.size)
    }

    /// Forgets what was written.
    pub(super) async fn abort(mut self) {
        if let Err(error) = self.writer.abort().await {
            tracing::warn!(%error, "part of an archive is left in the storage");
        }
    }

    async fn compress(
        &mut self,
        work: impl FnOnce(&mut Tar) -> io::Result<()> + Send + 'static,
    ) -> Result<()> {
        let mut tar = self.tar.take().ok_or_else(broken)?;
        let (tar, ready) = on_a_thread(move || {
            work(&mut tar)?;
            let ready = std::mem::take(tar.get_mut().get_mut());
            Ok((tar, ready))
        })
        .await?;
        self.tar = Some(tar);
        self.put(ready).await
    }

    async fn put(&mut self, bytes: Vec<u8>) -> Result<()> {
        self.size += bytes.len() as u64;
        match bytes.is_empty() {
            true => Ok(()),
            false => self.writer.put(bytes.into()).await.map_err(unavailable),
        }
    }
}

async fn on_a_thread<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    let done = done.map_err(|error| Error::Internal(Box::new(error)))?;
    done.map_err(|error| Error::Internal(Box::new(error)))
}

fn broken() -> Error {
    Error::Internal("an archive is written on after an error".into())
}
