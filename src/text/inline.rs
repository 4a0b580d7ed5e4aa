//! Reads the inline markup of one line: mentions, links, emphasis, code marks, emoji codes, entities.
//!
//! The scan goes over the line once. Emphasis remembers the last opener of each kind instead of looking ahead, so
//! that a line of 100,000 asterisks costs no more than any other. What starts a line is for `markup`.

use std::ops::Range;

use super::html;
use super::mapped::Mapped;

/// What one line holds once its inline markup is read. Ranges are into the line.
pub(super) struct Inline {
    /// The text without markup, not yet normalised.
    pub(super) text: Mapped,
    pub(super) struck: Vec<Range<usize>>,
    /// What stands in bold at the start of the line.
    pub(super) bold: Option<Range<usize>>,
}

/// Reads one line, or a part of one.
///
/// Returns `None` if the line holds no character that markup could start with.
pub(super) fn inline(raw: &str) -> Option<Inline> {
    if !raw.contains(SPECIAL) {
        return None;
    }
    let mut scanner = Scanner {
        raw,
        ..Scanner::default()
    };
    scanner.run();
    Some(scanner.finish())
}

const SPECIAL: [char; 9] = ['<', '&', '*', '_', '~', ':', '[', ']', '`'];

/// Walks over a line once and notes what to replace.
#[derive(Default)]
struct Scanner<'a> {
    raw: &'a str,
    /// What to put in place of a range; unsorted, and an outer edit hides those inside it.
    edits: Vec<(Range<usize>, String)>,
    struck: Vec<Range<usize>>,
    bold: Option<Range<usize>>,
    /// The last delimiter run of each kind that may open emphasis: `*`, `_`, `~`.
    open: [Option<Range<usize>>; 3],
    /// The last `[` that may open a link.
    bracket: Option<usize>,
    /// Where the last code mark of the line stands, once looked for.
    last_code_mark: Option<usize>,
    /// Where the last emoji code ended; the next may follow without a blank.
    emoji_end: usize,
}

impl Scanner<'_> {
    fn run(&mut self) {
        let mut at = 0;
        while let Some(found) = self.raw[at..].find(SPECIAL).map(|found| at + found) {
            at = match self.raw.as_bytes()[found] {
                b'<' => self.angle(found),
                b'&' => self.entity(found),
                b':' => self.colon(found),
                b'[' => self.bracket_open(found),
                b']' => self.link(found),
                b'`' => self.code(found),
                _ => self.delimiter(found),
            };
        }
    }

    /// `<@U1>`, `<!here>`, `<#C1|name>`, `<https://…|text>`, `<br>`.
    fn angle(&mut self, at: usize) -> usize {
        let inner = at + 1;
        let Some(end) = self.raw[inner..].find(['<', '>']).map(|end| inner + end) else {
            return inner;
        };
        if self.raw.as_bytes()[end] == b'<' {
            return end;
        }
        match angle_text(&self.raw[inner..end]) {
            Some(text) => {
                self.edits.push((at..end + 1, text));
                end + 1
            }
            None => inner,
        }
    }

    fn entity(&mut self, at: usize) -> usize {
        match html::entity(&self.raw[at..]) {
            Some((len, text)) => {
                self.edits.push((at..at + len, text.to_owned()));
                at + len
            }
            None => at + 1,
        }
    }

    /// An emoji code, or the colon of a URL whose `_` and `~` mean nothing.
    fn colon(&mut self, at: usize) -> usize {
        let rest = &self.raw[at + 1..];
        if rest.starts_with("//") {
            let ends =
                |c: char| c.is_whitespace() || !c.is_ascii() || matches!(c, '<' | '>' | '|' | ')' | ']');
            return rest.find(ends).map_or(self.raw.len(), |end| at + 1 + end);
        }
        let before = if at == self.emoji_end { "" } else { &self.raw[..at] };
        match emoji_len(before, rest) {
            Some(len) => {
                self.edits.push((at..at + len, String::new()));
                self.emoji_end = at + len;
                at + len
            }
            None => at + 1,
        }
    }

    fn bracket_open(&mut self, at: usize) -> usize {
        self.bracket = Some(at);
        at + 1
    }

    /// The end of `[text]`, if `(https://…)` follows.
    fn link(&mut self, at: usize) -> usize {
        let Some(open) = self.bracket.take() else {
            return at + 1;
        };
        let Some(target) = self.raw[at + 1..].strip_prefix('(') else {
            return at + 1;
        };
        let stop = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | '<' | '>');
        let Some(len) = target.find(stop).filter(|&len| target[len..].starts_with(')')) else {
            return at + 1;
        };
        let url = &target[..len];
        if !url.contains("://") && !url.starts_with("mailto:") && !url.starts_with('/') {
            return at + 1;
        }
        let start = if self.raw[..open].ends_with('!') {
            open - 1
        } else {
            open
        };
        let end = at + 2 + len + 1;
        self.edits
            .push((start..end, link_text(&self.raw[open + 1..at], url)));
        end
    }

    /// Drops a pair of code marks and leaves what is inside unread.
    fn code(&mut self, at: usize) -> usize {
        let raw = self.raw;
        let last = *self
            .last_code_mark
            .get_or_insert_with(|| raw.rfind('`').unwrap_or(0));
        if at >= last {
            return at + 1;
        }
        let Some(end) = raw[at + 1..].find('`').map(|end| at + 1 + end) else {
            return at + 1;
        };
        self.edits.push((at..at + 1, String::new()));
        self.edits.push((end..end + 1, String::new()));
        end + 1
    }

    /// A run of `*`, `_` or `~` that may open or close emphasis.
    fn delimiter(&mut self, at: usize) -> usize {
        let mark = self.raw.as_bytes()[at];
        let len = self.raw[at..].bytes().take_while(|&byte| byte == mark).count();
        let end = at + len;
        let (kind, longest) = match mark {
            b'*' => (0, 3),
            b'_' => (1, 1),
            _ => (2, 2),
        };
        if len > longest {
            return end;
        }
        let before = self.raw[..at].chars().next_back();
        let after = self.raw[end..].chars().next();
        let opener = self.open[kind].take_if(|open| open.len() == len && may_close(before, after));
        if let Some(open) = opener {
            self.pair(open, at..end, mark);
        } else if may_open(before, after) {
            self.open[kind] = Some(at..end);
        }
        end
    }

    fn pair(&mut self, open: Range<usize>, close: Range<usize>, mark: u8) {
        if mark == b'~' {
            self.struck.push(open.end..close.start);
            self.edits.push((open.start..close.end, " ".to_owned()));
            return;
        }
        if mark == b'*' && self.raw[..open.start].trim().is_empty() {
            self.bold.get_or_insert(open.end..close.start);
        }
        self.edits.push((open, String::new()));
        self.edits.push((close, String::new()));
    }

    fn finish(mut self) -> Inline {
        self.edits
            .sort_by(|(a, _), (b, _)| a.start.cmp(&b.start).then(b.end.cmp(&a.end)));
        let mut text = Mapped::default();
        let mut at = 0;
        for (range, with) in &self.edits {
            if range.start >= at {
                text.copy(&self.raw[at..range.start], at);
                text.replace(with, range.clone());
                at = range.end;
            }
        }
        text.copy(&self.raw[at..], at);
        Inline {
            text,
            struck: self.struck,
            bold: self.bold,
        }
    }
}

/// Emphasis opens at a word's start, and not in a path, a glob (`*.log`, `*-prod`) or an identifier.
fn may_open(before: Option<char>, after: Option<char>) -> bool {
    let clear = before.is_none_or(|c| !c.is_ascii_alphanumeric() && !"/._-\\@$*~".contains(c));
    clear && after.is_some_and(|c| !c.is_whitespace() && !"/._-),*、。".contains(c))
}

fn may_close(before: Option<char>, after: Option<char>) -> bool {
    before.is_some_and(|c| !c.is_whitespace() && !"/_-(".contains(c))
        && after.is_none_or(|c| !c.is_ascii_alphanumeric() && c != '/')
}

/// What a reader sees in place of `<inner>`; `None` if it is no markup.
fn angle_text(inner: &str) -> Option<String> {
    let (target, shown) = match inner.split_once('|') {
        Some((target, shown)) => (target, Some(shown).filter(|shown| !shown.is_empty())),
        None => (inner, None),
    };
    let id = target.chars().nth(1).is_some_and(|c| c.is_ascii_alphanumeric());
    match target.chars().next()? {
        '@' if id => Some("@user".to_owned()),
        '#' if id => Some(format!("#{}", shown.unwrap_or("channel"))),
        '!' if id => Some(special_mention(&target[1..], shown)),
        _ if target.contains("://") && !target.contains(char::is_whitespace) => {
            Some(link_text(shown.unwrap_or_default(), target))
        }
        _ => match target
            .strip_prefix("mailto:")
            .or_else(|| target.strip_prefix("tel:"))
        {
            Some(address) => Some(address.to_owned()),
            None => html::is_tag(inner).then(|| " ".to_owned()),
        },
    }
}

/// `!here`, `!subteam^S1|@sre`, `!date^…|fallback`.
fn special_mention(target: &str, shown: Option<&str>) -> String {
    let name = target.split('^').next().unwrap_or(target);
    match (name, shown) {
        ("subteam", Some(shown)) => format!("@{}", shown.trim_start_matches('@')),
        ("subteam", None) => "@group".to_owned(),
        ("date", shown) => shown.unwrap_or_default().to_owned(),
        _ => format!("@{name}"),
    }
}

/// The words of a link, then its address, which stays as a source of entities.
fn link_text(shown: &str, url: &str) -> String {
    let (shown, url) = (html::unescape(shown.trim()), html::unescape(url));
    let url = url.strip_prefix("mailto:").unwrap_or(&url);
    if shown.is_empty() || url.contains(shown.as_ref()) {
        format!(" {url} ")
    } else {
        format!("{shown} {url} ")
    }
}

/// Bytes of an emoji code from its first colon on. `before` is the line up to that colon, `rest` what follows.
///
/// An ASCII name may follow Japanese directly ("お願いします:bow:"); a time, a port or `a::b` is no code.
fn emoji_len(before: &str, rest: &str) -> Option<usize> {
    const LONGEST_NAME: usize = 60;
    let part =
        |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_+'-".contains(c) || is_kana_or_kanji(c);
    let len = rest
        .find(|c: char| !part(c))
        .filter(|len| (1..=LONGEST_NAME).contains(len))?;
    let name = &rest[..len];
    let closed = rest[len..].strip_prefix(':')?;
    let clear_before = before.chars().next_back().is_none_or(|c| {
        let word = if name.is_ascii() {
            c.is_ascii_alphanumeric()
        } else {
            c.is_alphanumeric()
        };
        !word && c != ':'
    });
    let clear_after = closed
        .chars()
        .next()
        .is_none_or(|c| !c.is_ascii_alphanumeric() && c != '/');
    let named = name == "+1" || name == "-1" || name.chars().any(char::is_alphabetic);
    (clear_before && clear_after && named).then_some(len + 2)
}

/// Says whether a text holds kana or kanji.
#[must_use]
pub fn is_japanese(text: &str) -> bool {
    !text.is_ascii() && text.chars().any(is_kana_or_kanji)
}

fn is_kana_or_kanji(c: char) -> bool {
    matches!(c, 'ぁ'..='ヿ' | '一'..='鿿')
}
