//! Topic names as users type them.

use narrows_wire::limits::{EMPTY_TOPIC_DISPLAY_NAME, MAX_TOPIC_LENGTH, RESOLVED_TOPIC_PREFIX};

use super::content::truncate;
use crate::error::{Error, Result};

/// What older clients send for "no topic" (feature level 370).
const NO_TOPIC: &str = "(no topic)";

/// The name to store: trimmed, cut to the longest length, the shown name of the empty topic taken for "".
///
/// Errors: control characters and the like, told with their place, counted from 1.
pub fn check_topic(name: &str) -> Result<String> {
    let name = name.trim();
    if let Some(place) = name.chars().position(is_forbidden) {
        return Err(Error::bad_request(format!(
            "Invalid character in topic, at position {}!",
            place + 1
        )));
    }
    if name == NO_TOPIC || name == EMPTY_TOPIC_DISPLAY_NAME {
        return Ok(String::new());
    }
    Ok(truncate(name, MAX_TOPIC_LENGTH, "..."))
}

/// Control characters, and code points that are no characters.
pub(crate) fn is_forbidden(c: char) -> bool {
    let code = u32::from(c);
    c.is_control() || (code & 0xFFFE) == 0xFFFE || (0xFDD0..=0xFDEF).contains(&code)
}

/// What a change of name says about the topic's state: `Some(true)` resolved, `Some(false)` opened again, `None`
/// neither.
pub fn resolves(old: &str, new: &str) -> Option<bool> {
    let bare = |name: &str| name.trim_start_matches(['✔', ' ']).to_owned();
    match (
        old.starts_with(RESOLVED_TOPIC_PREFIX),
        new.starts_with(RESOLVED_TOPIC_PREFIX),
    ) {
        (false, true) if bare(new) == bare(old) => Some(true),
        (true, false) if bare(new) == bare(old) => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cleaned() {
        assert_eq!(check_topic("  lunch ").expect("fine"), "lunch");
        assert_eq!(check_topic("(no topic)").expect("fine"), "");
        assert_eq!(check_topic("general chat").expect("fine"), "");
        let long = check_topic(&"t".repeat(70)).expect("fine");
        assert_eq!((long.chars().count(), long.ends_with("t...")), (60, true));
    }

    #[test]
    fn a_control_character_is_told_with_its_place() {
        let error = check_topic("bad\u{7}topic").expect_err("refused");
        assert_eq!(
            error.to_string(),
            "Invalid character in topic, at position 4!"
        );
    }

    #[test]
    fn resolving_is_a_change_of_prefix_only() {
        assert_eq!(resolves("a", "✔ a"), Some(true));
        assert_eq!(resolves("✔ a", "a"), Some(false));
        assert_eq!(resolves("a", "✔ b"), None);
        assert_eq!(resolves("✔ a", "✔ b"), None);
    }
}
