//! Which piece of a text is a name of its own, and which is cut out of a longer one.

use std::ops::Range;

use crate::taxonomy::Slot;
use crate::text::{Entity, EntityKind};

/// Whether a role is cut out of a longer path: the `roles/viewer` of `projects/x/roles/viewer` is another role.
pub(super) fn is_cut(text: &str, entity: &Entity) -> bool {
    if entity.kind != EntityKind::Role {
        return false;
    }
    let joins = |c: char| c == '/' || c == '_' || c.is_ascii_alphanumeric();
    text[..entity.range.start].ends_with(joins) || text[entity.range.end..].starts_with(joins)
}

/// Whether a range ends inside a longer name: the `abe-infra` of `abe-infra-k` is no team but a piece of a login.
pub(super) fn is_fragment(text: &str, range: &Range<usize>) -> bool {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let mut behind = text[range.end..].chars();
    let next = behind.next();
    let goes_on = match next {
        Some('-' | '_') => behind.next().is_some_and(|c| c.is_ascii_alphanumeric()),
        Some(c) => c.is_ascii_alphanumeric() && text[range.clone()].ends_with(part),
        None => false,
    };
    let starts_inside = text[range.clone()].starts_with(part) && text[..range.start].ends_with(part);
    goes_on || starts_inside
}

/// Whether words name the slot and nothing else: 「チームは」 is no team.
pub(super) fn is_empty_talk(words: &str, slot: &Slot) -> bool {
    let bare = words.trim_end_matches(['は', 'が', 'の', ':', '=', ' ']);
    slot.form.iter().any(|name| name == bare)
}

/// Words that stand beside a value and are none.
const NO_VALUES: [&str; 12] = [
    "a", "an", "and", "for", "from", "in", "my", "on", "our", "the", "this", "to",
];

/// The last thing in a range that looks like an identifier and is no name of the slot itself: of "yamame team" the first.
pub(super) fn identifier(text: &str, range: Range<usize>, slot: &Slot) -> Range<usize> {
    let found = &text[range.clone()];
    let part = |c: char| c.is_ascii_alphanumeric() || "._/@-".contains(c);
    let names = |word: &str| {
        NO_VALUES.contains(&word)
            || slot.form.iter().any(|name| name == word)
            || slot.name.en.split(' ').any(|name| name == word)
    };
    let mut words = found
        .split(|c| !part(c))
        .filter(|word| !word.is_empty() && !names(word));
    let Some(word) = words.next_back() else {
        return range;
    };
    // Both are slices of one text, so their distance is where the word begins.
    let start = range.start + (word.as_ptr() as usize - found.as_ptr() as usize);
    start..start + word.len()
}
