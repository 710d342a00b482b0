//! The times that people write in `<time:…>`.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};

/// The time in UTC as the `datetime` attribute has it; without a time zone it is taken for UTC.
pub(crate) fn parse(text: &str) -> Option<String> {
    let text = text.trim();
    let time = digits(text)
        .or_else(|| seconds(text))
        .or_else(|| written(text))?;
    if !(1..=9999).contains(&time.year()) {
        return None;
    }
    let format = match time.timestamp_subsec_micros() {
        0 => "%Y-%m-%dT%H:%M:%SZ",
        _ => "%Y-%m-%dT%H:%M:%S%.6fZ",
    };
    Some(time.format(format).to_string())
}

/// `20170605`, `201706052230`, `20170605223000`
fn digits(text: &str) -> Option<DateTime<Utc>> {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let full = match text.len() {
        8 => format!("{text}000000"),
        12 => format!("{text}00"),
        14 => text.to_owned(),
        _ => return None,
    };
    Some(
        NaiveDateTime::parse_from_str(&full, "%Y%m%d%H%M%S")
            .ok()?
            .and_utc(),
    )
}

/// Seconds since 1970.
fn seconds(text: &str) -> Option<DateTime<Utc>> {
    let seconds: f64 = text.parse().ok().filter(|s: &f64| s.abs() < 1e12)?;
    // The bound above keeps the product within range.
    DateTime::from_timestamp_micros((seconds * 1e6).round() as i64)
}

/// What has been found of a written date.
#[derive(Default)]
struct Written {
    year: Option<i32>,
    month: Option<u32>,
    day: Option<u32>,
    time: Option<NaiveTime>,
    afternoon: Option<bool>,
    offset: i32,
}

/// `2017-06-05T22:30:00+02:00`, `Jun 5th 2017, 10:30PM EST`, `5 June 2017 22:30`, …
fn written(text: &str) -> Option<DateTime<Utc>> {
    let mut found = Written::default();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let word = match c {
            c if c.is_ascii_digit() => number(rest, &mut found)?,
            c if c.is_ascii_alphabetic() => name(rest, &mut found)?,
            // Between year, month and day it is none.
            '+' | '-' if found.time.is_some() && found.day.is_some() => offset(rest, &mut found)?,
            ' ' | ',' | '.' | '-' | '/' => 1,
            _ => return None,
        };
        rest = rest.get(word..)?;
    }
    let date = NaiveDate::from_ymd_opt(found.year?, found.month?, found.day.unwrap_or(1))?;
    let time = found.time.unwrap_or_default();
    let local = date.and_time(twelve_hours(time, found.afternoon)?);
    let zone = FixedOffset::east_opt(found.offset)?;
    Some(zone.from_local_datetime(&local).single()?.to_utc())
}

fn twelve_hours(time: NaiveTime, afternoon: Option<bool>) -> Option<NaiveTime> {
    use chrono::Timelike;
    let Some(afternoon) = afternoon else {
        return Some(time);
    };
    let hour = time.hour();
    if !(1..=12).contains(&hour) {
        return None;
    }
    time.with_hour(hour % 12 + if afternoon { 12 } else { 0 })
}

fn leading_digits(text: &str) -> &str {
    text.get(..text.bytes().take_while(u8::is_ascii_digit).count())
        .unwrap_or_default()
}

/// A number: a time if a colon follows, else year, month or day by its size and by what is known.
fn number(rest: &str, found: &mut Written) -> Option<usize> {
    let digits = leading_digits(rest);
    let after = rest.get(digits.len()..)?;
    if after.starts_with(':') {
        return clock(rest, found);
    }
    if compact(digits, found) {
        return Some(digits.len());
    }
    let value: u32 = digits.parse().ok()?;
    let lower = after.get(..2).unwrap_or_default().to_ascii_lowercase();
    if matches!(lower.as_str(), "am" | "pm") && found.time.is_none() {
        found.time = NaiveTime::from_hms_opt(value, 0, 0);
        return Some(digits.len());
    }
    let ordinal = if matches!(lower.as_str(), "st" | "nd" | "rd" | "th") {
        2
    } else {
        0
    };
    match (digits.len(), found.year, found.month) {
        (4, None, _) => found.year = i32::try_from(value).ok(),
        (1 | 2, Some(_), None) => found.month = Some(value),
        (1 | 2, _, Some(_)) if found.day.is_none() => found.day = Some(value),
        // `6/5/2017` has the month first, `5 June 2017` the day.
        (1 | 2, None, None) if found.day.is_none() && after.starts_with(['/', '-']) => {
            found.month = Some(value);
        }
        (1 | 2, None, None) if found.day.is_none() => found.day = Some(value),
        _ => return None,
    }
    Some(digits.len() + ordinal)
}

/// `20170605` before everything else, `2230` or `223000` after a date.
fn compact(digits: &str, found: &mut Written) -> bool {
    let time = match (digits.len(), found.day, found.time) {
        (8, None, None) if found.year.is_none() && found.month.is_none() => {
            let date = NaiveDate::parse_from_str(digits, "%Y%m%d").ok();
            found.year = date.map(|date| date.year());
            found.month = date.map(|date| date.month());
            found.day = date.map(|date| date.day());
            return date.is_some();
        }
        (4, Some(_), None) if found.year.is_some() => format!("{digits}00"),
        (6, Some(_), None) => digits.to_owned(),
        _ => return false,
    };
    found.time = NaiveTime::parse_from_str(&time, "%H%M%S").ok();
    found.time.is_some()
}

/// `22:30`, `22:30:15`, `22:30:15.25`
fn clock(rest: &str, found: &mut Written) -> Option<usize> {
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != ':' && c != '.');
    let text = rest.get(..end.unwrap_or(rest.len()))?;
    let time = ["%H:%M:%S%.f", "%H:%M"]
        .iter()
        .find_map(|f| NaiveTime::parse_from_str(text, f).ok());
    found.time = Some(time.filter(|_| found.time.is_none())?);
    Some(text.len())
}

fn offset(rest: &str, found: &mut Written) -> Option<usize> {
    let body = rest.get(1..)?;
    let hours = leading_digits(body);
    let (hours, minutes, length) = match (hours.len(), body.get(hours.len()..)?) {
        (2, after) if after.starts_with(':') => {
            (hours, leading_digits(after.get(1..)?).get(..2)?, 5)
        }
        (4, _) => (hours.get(..2)?, hours.get(2..)?, 4),
        (1 | 2, _) => (hours, "0", hours.len()),
        _ => return None,
    };
    let seconds = hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok()? * 60;
    found.offset = if rest.starts_with('-') {
        -seconds
    } else {
        seconds
    };
    Some(1 + length)
}

const MONTHS: &[&str] = &[
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
const DAYS: &[&str] = &["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// Abbreviations of time zones that people use, in hours from UTC.
const ZONES: &[(&str, f32)] = &[
    ("z", 0.0),
    ("utc", 0.0),
    ("gmt", 0.0),
    ("wet", 0.0),
    ("bst", 1.0),
    ("cet", 1.0),
    ("cest", 2.0),
    ("eet", 2.0),
    ("eest", 3.0),
    ("msk", 3.0),
    ("ist", 5.5),
    ("jst", 9.0),
    ("kst", 9.0),
    ("hkt", 8.0),
    ("aest", 10.0),
    ("aedt", 11.0),
    ("acst", 9.5),
    ("awst", 8.0),
    ("nzst", 12.0),
    ("nzdt", 13.0),
    ("ast", -4.0),
    ("adt", -3.0),
    ("est", -5.0),
    ("edt", -4.0),
    ("cst", -6.0),
    ("cdt", -5.0),
    ("mst", -7.0),
    ("mdt", -6.0),
    ("pst", -8.0),
    ("pdt", -7.0),
    ("akst", -9.0),
    ("akdt", -8.0),
    ("hst", -10.0),
    ("sgt", 8.0),
    ("sast", 2.0),
];

/// A word: month, weekday, half of the day, time zone, or the `T` between date and time.
fn name(rest: &str, found: &mut Written) -> Option<usize> {
    let word = rest.get(..rest.bytes().take_while(u8::is_ascii_alphabetic).count())?;
    let after = rest.get(word.len()..)?;
    let lower = word.to_ascii_lowercase();
    let short = lower.get(..3).unwrap_or(&lower);
    if matches!(lower.as_str(), "am" | "pm") && found.time.is_some() {
        found.afternoon = Some(lower == "pm");
    } else if let Some((_, hours)) = ZONES
        .iter()
        .find(|(zone, _)| *zone == lower && found.time.is_some())
    {
        found.offset = (hours * 3600.0) as i32;
        if after.starts_with(['+', '-']) {
            // POSIX has it the other way round: what is added to the local time to have UTC.
            let length = offset(after, found)?;
            found.offset = -found.offset;
            return Some(word.len() + length);
        }
    } else if let Some(month) = MONTHS.iter().position(|month| *month == short) {
        // `June 5` after `5 June` would say two days; a second month is an error.
        if found.month.is_some() {
            return None;
        }
        found.month = u32::try_from(month + 1).ok();
    } else if !(DAYS.contains(&short) || matches!(lower.as_str(), "t" | "at" | "of" | "on")) {
        return None;
    }
    Some(word.len())
}
