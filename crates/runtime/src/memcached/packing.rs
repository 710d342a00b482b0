//! Values of any size as items of memcached, which end at 1 MB: compressed, then cut into pieces.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

/// Bytes of a piece; what memcached adds to it stays below its limit of 1 MB.
const PIECE: usize = 1_000_000;
/// Larger values are not worth their place.
const MOST_PIECES: usize = 16;
/// From this length on compression pays.
const COMPRESS_FROM: usize = 4096;
/// What each piece begins with: who wrote it, how many there are, and whether the whole is compressed.
const HEADER: usize = 8 + 1 + 1;

/// The items of a value; empty if it is too large to be kept. `writer` is a number that no other writer has, so that
/// pieces of several writers are never put together.
pub fn pack(value: &[u8], writer: u64) -> Vec<Vec<u8>> {
    let (body, compressed) = match compress(value) {
        Some(body) => (body, true),
        None => (value.to_vec(), false),
    };
    let count = body.len().div_ceil(PIECE).max(1);
    let Some(count) = u8::try_from(count)
        .ok()
        .filter(|count| usize::from(*count) <= MOST_PIECES)
    else {
        return vec![];
    };
    let head = |data: &[u8]| {
        let mut item = Vec::with_capacity(HEADER + data.len());
        item.extend_from_slice(&writer.to_be_bytes());
        item.extend_from_slice(&[count, u8::from(compressed)]);
        item.extend_from_slice(data);
        item
    };
    match body.is_empty() {
        true => vec![head(&[])],
        false => body.chunks(PIECE).map(head).collect(),
    }
}

fn compress(value: &[u8]) -> Option<Vec<u8>> {
    if value.len() < COMPRESS_FROM {
        return None;
    }
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(value).ok()?;
    encoder.finish().ok()
}

/// How many items belong to the value whose first item this is.
pub fn count(first: &[u8]) -> Option<usize> {
    let count = usize::from(*first.get(8)?);
    (first.len() >= HEADER && (1..=MOST_PIECES).contains(&count)).then_some(count)
}

/// The value of these items; `None` if they do not belong together or are damaged.
pub fn unpack(items: &[Vec<u8>]) -> Option<Vec<u8>> {
    let head = items.first()?.get(..HEADER)?;
    let mut body = Vec::new();
    for item in items {
        body.extend_from_slice(item.strip_prefix(head)?);
    }
    if head.last() != Some(&1) {
        return Some(body);
    }
    let mut value = Vec::new();
    ZlibDecoder::new(&body[..]).read_to_end(&mut value).ok()?;
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes that do not compress.
    fn noise(length: usize) -> Vec<u8> {
        let mut state = 1_u32;
        let next = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        });
        next.take(length).collect()
    }

    #[test]
    fn values_of_all_sizes_come_back() {
        let text = br#"{"email":"load@example.com"}"#.repeat(200_000);
        for value in [vec![], b"short".to_vec(), text.clone(), noise(2_500_000)] {
            let items = pack(&value, 7);
            assert_eq!(count(&items[0]), Some(items.len()));
            assert!(items.iter().all(|item| item.len() < 1 << 20));
            assert_eq!(unpack(&items), Some(value));
        }
        assert_eq!(pack(&text, 7).len(), 1, "JSON compresses well");
        assert_eq!(pack(&noise(20_000_000), 7), Vec::<Vec<u8>>::new());
    }

    #[test]
    fn pieces_of_two_writers_are_no_value() {
        let value = noise(2_500_000);
        let (mut items, others) = (pack(&value, 7), pack(&value, 8));
        items[1] = others[1].clone();
        assert_eq!(unpack(&items), None);
    }

    #[test]
    fn damage_is_a_miss() {
        let mut items = pack(&b"abc".repeat(5_000), 7);
        items[0].truncate(20);
        assert_eq!(unpack(&items), None);
        assert_eq!(unpack(&[]), None);
        assert_eq!(unpack(&[vec![1, 2]]), None);
        assert_eq!(count(b"short"), None);
        assert_eq!(count(&[0; HEADER]), None, "no pieces");
    }
}
