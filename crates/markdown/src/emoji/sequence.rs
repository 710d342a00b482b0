//! Where emoji begin and end in a text.

/// Asks for the coloured form of a character.
pub(crate) const EMOJI_STYLE: char = '\u{fe0f}';
const JOINER: char = '\u{200d}';
const KEYCAP: char = '\u{20e3}';

/// The next possible emoji from `from` on, with all that belongs to it: skin tones, joined emoji, tags.
pub(crate) fn next(text: &str, from: usize) -> Option<(usize, usize)> {
    let rest = text.get(from..)?;
    for (at, c) in rest.char_indices() {
        if c.is_ascii() && !matches!(c, '0'..='9' | '#' | '*') {
            continue;
        }
        if let Some(length) = rest.get(at..).and_then(sequence) {
            return Some((from + at, from + at + length));
        }
    }
    None
}

/// Length of the emoji sequence that the text begins with.
fn sequence(text: &str) -> Option<usize> {
    let mut length = element(text)?;
    while let Some(joined) = text
        .get(length..)
        .and_then(|rest| rest.strip_prefix(JOINER))
    {
        let Some(more) = element(joined) else { break };
        length += JOINER.len_utf8() + more;
    }
    Some(length)
}

fn element(text: &str) -> Option<usize> {
    let mut chars = text.chars().peekable();
    let first = chars.next()?;
    let mut length = first.len_utf8();
    if is_regional(first) {
        let second = chars.next().filter(|c| is_regional(*c))?;
        return Some(length + second.len_utf8());
    }
    let styled = chars.next_if_eq(&EMOJI_STYLE).is_some();
    length += if styled { EMOJI_STYLE.len_utf8() } else { 0 };
    if chars.next_if_eq(&KEYCAP).is_some() {
        return Some(length + KEYCAP.len_utf8());
    }
    let is_text = matches!(first, '©' | '®' | '™') && !styled;
    if !is_emoji(first) || is_text {
        return None;
    }
    while let Some(c) = chars.next_if(|c| is_modifier(*c)) {
        length += c.len_utf8();
    }
    Some(length)
}

fn is_regional(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
}

/// Skin tones and the tags that make the flags of England, Scotland and Wales.
fn is_modifier(c: char) -> bool {
    matches!(c, '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}')
}

/// The blocks that have emoji in them; the table decides which of their characters are.
fn is_emoji(c: char) -> bool {
    matches!(c,
        '©' | '®' | '‼' | '⁉' | '™' | 'ℹ' | 'Ⓜ' | '〰' | '〽' | '㊗' | '㊙'
        | '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}' | '\u{25a0}'..='\u{27bf}'
        | '\u{2900}'..='\u{297f}' | '\u{2b00}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}
