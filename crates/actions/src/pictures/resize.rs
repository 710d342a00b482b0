//! Decoding what strangers send, within bounds of memory, and away from the event loop.

use std::io::Cursor;

use bytes::Bytes;
use image::codecs::gif::{GifDecoder, GifEncoder, Repeat};
use image::codecs::webp::WebPDecoder;
use image::imageops::FilterType;
use image::{
    AnimationDecoder, DynamicImage, Frame, ImageDecoder, ImageError, ImageFormat, ImageReader,
    Limits, RgbaImage,
};
use tokio::sync::Semaphore;

use crate::error::{Error, Result};

/// Most pixels of a picture: at four bytes each, 200 MB.
const MAX_PIXELS: u64 = 50_000_000;
/// Most pixels of all frames of a picture that moves: it takes seconds at worst.
const MAX_MOVING_PIXELS: u64 = 100_000_000;
/// Most frames of a picture that moves: even tiny ones become as large as all emoji are.
const MAX_FRAMES: usize = 1000;
/// Between good and slow (1), and bad and fast (30).
const GIF_SPEED: i32 = 10;
/// Most memory that a decoder takes.
const MAX_MEMORY: u64 = 256 << 20;
/// Pictures that are decoded at a time: bounds the memory of all.
static DECODERS: Semaphore = Semaphore::const_new(2);

/// The picture as PNGs that fill squares of these sides; what does not fit is cut off on both sides alike.
pub(super) async fn squares<const N: usize>(bytes: Bytes, sides: [u32; N]) -> Result<[Vec<u8>; N]> {
    decoding(move || {
        let picture = decode(&bytes)?;
        let mut cut = sides.map(|_| Vec::new());
        for (written, side) in cut.iter_mut().zip(sides) {
            *written = png(&picture.resize_to_fill(side, side, FilterType::Lanczos3))?;
        }
        Ok(cut)
    })
    .await
}

/// The picture as a PNG that fits into a box; small ones stay as they are.
pub(super) async fn within(bytes: Bytes, (width, height): (u32, u32)) -> Result<Vec<u8>> {
    decoding(move || {
        let picture = decode(&bytes)?;
        match picture.width() <= width && picture.height() <= height {
            true => png(&picture),
            false => png(&picture.resize(width, height, FilterType::Lanczos3)),
        }
    })
    .await
}

/// A picture as an emoji.
pub(super) struct Emoji {
    /// The picture, or the first of those that it shows.
    pub(super) png: Vec<u8>,
    /// If it moves.
    pub(super) gif: Option<Vec<u8>>,
}

/// The picture in the middle of a transparent square of that side.
pub(super) async fn emoji(bytes: Bytes, side: u32) -> Result<Emoji> {
    decoding(move || {
        // Also checks the size, before any frame is read.
        let first = decode(&bytes)?;
        let frames = frames(&bytes, &first, side)?;
        Ok(Emoji {
            png: png(&padded(&first, side))?,
            gif: match frames.len() {
                0 | 1 => None,
                _ => Some(gif(frames)?),
            },
        })
    })
    .await
}

/// Work that takes the memory of a picture.
async fn decoding<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let internal = |error: &dyn std::error::Error| Error::Internal(error.to_string().into());
    let permit = DECODERS.acquire().await.map_err(|error| internal(&error))?;
    let work = tokio::task::spawn_blocking(move || {
        let _held = permit;
        work()
    });
    work.await.map_err(|error| internal(&error))?
}

fn png(picture: &DynamicImage) -> Result<Vec<u8>> {
    let mut png = Vec::new();
    let written = picture.write_to(&mut Cursor::new(&mut png), ImageFormat::Png);
    written.map_err(|error| Error::Internal(Box::new(error)))?;
    Ok(png)
}

fn padded(picture: &DynamicImage, side: u32) -> DynamicImage {
    let small = picture
        .resize(side, side, FilterType::Lanczos3)
        .into_rgba8();
    let mut square = RgbaImage::new(side, side);
    let margin = |length: u32| i64::from(side.saturating_sub(length) / 2);
    let (x, y) = (margin(small.width()), margin(small.height()));
    image::imageops::replace(&mut square, &small, x, y);
    DynamicImage::ImageRgba8(square)
}

/// The frames of a picture that moves, made small one after the other.
fn frames(bytes: &[u8], first: &DynamicImage, side: u32) -> Result<Vec<Frame>> {
    let format = image::guess_format(bytes).map_err(refusal)?;
    let frames = match format {
        ImageFormat::Gif => {
            let decoder = GifDecoder::new(Cursor::new(bytes)).map_err(refusal)?;
            decoder.into_frames()
        }
        ImageFormat::WebP => {
            let decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(refusal)?;
            if !decoder.has_animation() {
                return Ok(vec![]);
            }
            decoder.into_frames()
        }
        _ => return Ok(vec![]),
    };
    let pixels = u64::from(first.width()) * u64::from(first.height());
    let mut small = Vec::new();
    for frame in frames {
        let frame = frame.map_err(refusal)?;
        if small.len() == MAX_FRAMES || pixels * (small.len() as u64 + 1) > MAX_MOVING_PIXELS {
            return Err(too_large());
        }
        let delay = frame.delay();
        let picture = padded(&DynamicImage::ImageRgba8(frame.into_buffer()), side);
        small.push(Frame::from_parts(picture.into_rgba8(), 0, 0, delay));
    }
    Ok(small)
}

fn gif(frames: Vec<Frame>) -> Result<Vec<u8>> {
    let internal = |error: ImageError| Error::Internal(Box::new(error));
    let mut gif = Vec::new();
    let mut encoder = GifEncoder::new_with_speed(&mut gif, GIF_SPEED);
    encoder.set_repeat(Repeat::Infinite).map_err(internal)?;
    encoder.encode_frames(frames).map_err(internal)?;
    drop(encoder);
    Ok(gif)
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
