//! Decoding what strangers send, within bounds of memory, and away from the event loop.

use std::io::Cursor;

use bytes::Bytes;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};
use tokio::sync::Semaphore;

use crate::error::{Error, Result};

/// Most pixels of a picture: at four bytes each, 200 MB.
const MAX_PIXELS: u64 = 50_000_000;
/// Most memory that a decoder takes.
const MAX_MEMORY: u64 = 256 << 20;
/// Pictures that are decoded at a time: bounds the memory of all.
static DECODERS: Semaphore = Semaphore::const_new(2);

/// The picture as PNGs that fill squares of these sides; what does not fit is cut off on both sides alike.
pub(super) async fn squares<const N: usize>(bytes: Bytes, sides: [u32; N]) -> Result<[Vec<u8>; N]> {
    let internal = |error: &dyn std::error::Error| Error::Internal(error.to_string().into());
    let permit = DECODERS.acquire().await.map_err(|error| internal(&error))?;
    let work = tokio::task::spawn_blocking(move || {
        let _held = permit;
        let picture = decode(&bytes)?;
        let mut cut = sides.map(|_| Vec::new());
        for (png, side) in cut.iter_mut().zip(sides) {
            let small = picture.resize_to_fill(side, side, FilterType::Lanczos3);
            let written = small.write_to(&mut Cursor::new(png), ImageFormat::Png);
            written.map_err(|error| Error::Internal(Box::new(error)))?;
        }
        Ok(cut)
    });
    work.await.map_err(|error| internal(&error))?
}

/// The picture, upright. Its size is checked before any pixel is read.
fn decode(bytes: &[u8]) -> Result<DynamicImage> {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_MEMORY);
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format();
    let mut reader = reader.map_err(|_| undecodable())?;
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(refusal)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(too_large());
    }
    let orientation = decoder.orientation().map_err(refusal)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(refusal)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn refusal(error: ImageError) -> Error {
    match error {
        ImageError::Limits(_) => too_large(),
        _ => undecodable(),
    }
}

fn too_large() -> Error {
    Error::bad_request("Image size exceeds limit.")
}

fn undecodable() -> Error {
    Error::bad_request("Could not decode image; did you upload an image file?")
}
