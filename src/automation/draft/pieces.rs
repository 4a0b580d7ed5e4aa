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

/// Whether a range is what is inside of another that was found: in `mart.orders` the data set is `mart`, and `orders` a
/// table of it.
pub(super) fn is_member(text: &str, range: &Range<usize>, found: &[Range<usize>]) -> bool {
    let Some(before) = text[..range.start].strip_suffix('.') else {
        return false;
    };
    found.iter().any(|other| other.end == before.len())
}

/// Whether a range is named for comparison and not asked for: "same as I have on mart_x", 「mart_x と同じ権限」.
pub(super) fn is_compared(text: &str, range: &Range<usize>) -> bool {
    let ends = ['\n', '。', '、', ',', '.', ';', '('];
    let clause = text[..range.start].rsplit(ends).next().unwrap_or_default();
    let before = ["same as ", "just as ", "like i have", "like we have"];
    let behind = text[range.end..].trim_start_matches(['`', '」', ' ']);
    before.iter().any(|words| clause.contains(words))
        || behind.starts_with("と同じ")
        || behind.starts_with("と同様")
}

/// Whether a data set is named with its project: `kawasemi-prd.mart_x`.
pub(super) fn is_qualified(before: &str) -> bool {
    project_before(before).is_some()
}

/// Whether words name the project of something, where the slot asks for one: `kawasemi-prd:mart_x`.
pub(super) fn is_qualifier(words: &str, slot: &Slot) -> bool {
    slot.entities.iter().any(|kind| kind == "project")
        && words
            .find(['.', ':'])
            .is_some_and(|at| is_qualified(&words[..=at]))
}

/// Where the project begins that qualifies what comes next.
fn project_before(before: &str) -> Option<usize> {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let path = before.strip_suffix(['.', ':'])?;
    let start = path.trim_end_matches(part).len();
    path[start..].trim_matches('-').contains('-').then_some(start)
}

/// Whether what stands before a value names its slot as what the value is of: 「チームは」, "team: ".
pub(super) fn is_stated(before: &str, slot: &Slot) -> bool {
    const QUOTES: [char; 3] = ['`', '「', '"'];
    let is_quoted = before.ends_with(QUOTES);
    let name = before.trim_end_matches(QUOTES).trim_end_matches([' ', '@']);
    let name = match name.strip_suffix(['は', ':', '=']) {
        Some(name) => name.trim_end(),
        None if is_quoted || (before.ends_with(' ') && name.ends_with(char::is_alphabetic)) => name,
        None => return false,
    };
    slot.form.iter().any(|known| name.ends_with(known.as_str()))
}

/// Whether what stands behind a value says that the same is asked for it as for another: 「も同じ」, "too".
pub(super) fn is_also(behind: &str) -> bool {
    let behind = behind.trim_start_matches(['`', '」', ' ']);
    let words = ["も同じ", "も同様", "too.", "too,", "as well", "likewise"];
    words.iter().any(|word| behind.starts_with(word))
}

/// Words that stand beside a value and are none.
const NO_VALUES: [&str; 12] = [
    "a", "an", "and", "for", "from", "in", "my", "on", "our", "the", "this", "to",
];

/// The last thing in a range that looks like an identifier and is no name of the slot itself: of "yamame team" the first.
pub(super) fn identifier(text: &str, range: Range<usize>, slot: &Slot) -> Range<usize> {
    let found = &text[range.clone()];
    if found.contains("://") {
        return range;
    }
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
    let at = word.as_ptr() as usize - found.as_ptr() as usize;
    let end = range.start + at + word.len();
    // Of `project:dataset` the project is asked for, too.
    let is_project = slot.entities.iter().any(|kind| kind == "project");
    let at = project_before(&found[..at]).filter(|_| is_project).unwrap_or(at);
    range.start + at..end
}
