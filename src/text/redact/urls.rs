//! What goes out of a URL: who logs in, the query and the fragment, names in paths.
//!
//! Host and path stay, for they tell what a ticket is about; queries carry tokens and people.

use std::ops::Range;
use std::sync::LazyLock;

use crate::matching::Pattern;
use crate::text::entity::{UrlParts, url_parts, values};

/// Percent-encoded text that is not ASCII: a title or a name in another script.
static ENCODED: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new("(?:%[0-9a-f]{2})*%[89a-f][0-9a-f](?:%[0-9a-f]{2})*"));
/// The title before the id of a Notion page.
static PAGE_TITLE: LazyLock<Pattern> = LazyLock::new(|| Pattern::new("/(?P<title>[^/]+-)[0-9a-f]{32}$"));
/// Hosts whose paths begin with the title of a page, which may be about a person.
const TITLED_HOSTS: [&str; 3] = ["notion.so", "notion.site", "notion.com"];

/// Calls back with the ranges of a text to take out of a URL in it, each with what takes its place.
pub(super) fn hide(text: &str, url: &Range<usize>, mut hidden: impl FnMut(Range<usize>, &'static str)) {
    let parts = url_parts(text, url);
    hidden(parts.user.clone(), "");
    hidden(parts.query.clone(), "");
    let path = &text[parts.path.clone()];
    let at = |range: Range<usize>| parts.path.start + range.start..parts.path.start + range.end;
    if is_titled(text, &parts)
        && let Some(title) = values(&PAGE_TITLE, path).next()
    {
        hidden(at(title), "");
    }
    for encoded in ENCODED.find_iter(path) {
        hidden(at(encoded), "…");
    }
}

fn is_titled(text: &str, parts: &UrlParts) -> bool {
    let host = &text[parts.host.clone()];
    TITLED_HOSTS.iter().any(|known| {
        host.strip_suffix(known)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}
