//! The little HTML that tickets carry: entities and the tags that editors leave behind.

use std::borrow::Cow;

const ENTITIES: [(&str, &str); 6] = [
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&amp;", "&"),
    ("&quot;", "\""),
    ("&#39;", "'"),
    ("&nbsp;", " "),
];

const TAGS: &str = "a aside b blockquote br caption center code dd del details div dl dt em figure font h1 h2 h3 h4 hr i \
    img ins kbd li mark ol p pre s small span strong sub summary sup table td th tr u ul";

/// Reads the entity at the start of `text`: its length and what it stands for.
pub(super) fn entity(text: &str) -> Option<(usize, &'static str)> {
    ENTITIES
        .iter()
        .find(|(name, _)| text.starts_with(name))
        .map(|&(name, with)| (name.len(), with))
}

/// Replaces every entity once: `&amp;lt;` becomes `&lt;`.
pub(super) fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (len, with) = entity(&rest[at..]).unwrap_or((1, "&"));
        out.push_str(&rest[..at]);
        out.push_str(with);
        rest = &rest[at + len..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Whether what stands between `<` and `>` is a known tag. Placeholders such as `<ユーザー名>` are not.
pub(super) fn is_tag(inner: &str) -> bool {
    let name = inner.trim_start_matches('/');
    let name = name.split([' ', '/', '\t']).next().unwrap_or_default();
    TAGS.split(' ').any(|tag| tag.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_are_unescaped_once() {
        assert_eq!(unescape("a &amp;lt; b &lt;c&gt; & d"), "a &lt; b <c> & d");
        assert_eq!(unescape("plain"), "plain");
    }

    #[test]
    fn tags_are_told_from_placeholders() {
        for tag in ["br", "BR/", "/aside", "img src=\"x\"", "details"] {
            assert!(is_tag(tag), "{tag}");
        }
        for text in ["ユーザー名", "project-id", "", "bride", "@U1"] {
            assert!(!is_tag(text), "{text}");
        }
    }
}
