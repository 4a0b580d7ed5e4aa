//! Takes Slack, Notion, Markdown and HTML markup off the text, before it is normalised.
//!
//! Block level: fences and comments are cut out ([`chunks`]), a line gives up its quote, heading or list marker.
//! Inline: mentions and links become what a reader sees, emphasis and emoji codes go, struck text is set apart.
//! Every scan is linear: no look-ahead passes the next delimiter twice. What the parts mean is for others.

use std::ops::Range;

use super::html;
use super::mapped::Mapped;
use super::normalize::normalize;

/// A stretch of a field that is read in one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Chunk {
    /// Lines of text, possibly with inline markup.
    Text(Range<usize>),
    /// What stands between two ``` fences, or after one that is never closed.
    Fence(Range<usize>),
    /// What an HTML comment holds: the hints of an issue template.
    Comment(Range<usize>),
}

/// What the start of a line says about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Nothing but white space.
    Blank,
    /// A line of text.
    Text,
    /// `## heading`.
    Heading,
    /// A bullet, number or check box.
    Item,
    /// `> quoted`, also as Slack escapes it.
    Quote,
    /// `---`, `****`, `━━━━`: a line drawn between parts.
    Rule,
}

/// One line without its markup.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) shape: Shape,
    /// Where the whole line stands in the field, without its line break.
    pub(super) raw: Range<usize>,
    /// Normalised content; offsets are into the field.
    pub(super) text: Mapped,
    /// Struck-out parts, normalised.
    pub(super) struck: Vec<Mapped>,
    /// Bytes of `text`, from its start, that were written in bold.
    pub(super) bold: usize,
}

/// Splits a field into text, fenced blocks and comments, in order and without gaps but for the delimiters.
pub(super) fn chunks(raw: &str) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let last_comment_end = raw.rfind("-->").unwrap_or(0);
    let (mut text_start, mut at) = (0, 0);
    while let Some(found) = raw[at..].find(['`', '<']).map(|found| at + found) {
        let rest = &raw[found..];
        let (open, close) = if rest.starts_with("```") {
            ("```", "```")
        } else if rest.starts_with("<!--") && found < last_comment_end {
            ("<!--", "-->")
        } else {
            at = found + 1;
            continue;
        };
        let inner = found + open.len();
        let end = raw[inner..].find(close).map_or(raw.len(), |end| inner + end);
        chunks.push(Chunk::Text(text_start..found));
        chunks.push(if open == "```" {
            Chunk::Fence(inner..end)
        } else {
            Chunk::Comment(inner..end)
        });
        at = (end + close.len()).min(raw.len());
        text_start = at;
    }
    chunks.push(Chunk::Text(text_start..raw.len()));
    chunks
}

/// Reads the lines of a stretch of a field.
pub(super) fn lines(raw: &str, range: Range<usize>) -> impl Iterator<Item = Line> {
    let mut at = range.start;
    raw[range]
        .split_inclusive(['\n', '\r'])
        .filter_map(move |with_break| {
            let start = at;
            at += with_break.len();
            let text = with_break.trim_end_matches(['\n', '\r']);
            // The second half of "\r\n" is no line of its own.
            let split_break = text.is_empty() && with_break == "\n" && raw[..start].ends_with('\r');
            (!split_break).then(|| line(text, start))
        })
}

/// Reads one line (of a title, say) that starts at byte `start` of its field.
pub(super) fn line(raw: &str, start: usize) -> Line {
    let (shape, skip) = shape(raw);
    let content = &raw[skip..];
    let Inline { text, struck, bold } = inline(content);
    let text = normalize(text.text()).over(&text);
    let bold = bold.map_or(0, |range| prefix_len(&text, range.end));
    let struck = struck.into_iter().map(|range| {
        let offset = start + skip + range.start;
        normalize(&content[range]).shifted(offset)
    });
    Line {
        shape,
        raw: start..start + raw.len(),
        struck: struck.filter(|mapped| !mapped.text().is_empty()).collect(),
        bold,
        text: text.shifted(start + skip),
    }
}

/// Bytes of the text that came from before byte `end` of its original.
fn prefix_len(text: &Mapped, end: usize) -> usize {
    let ends = text.text().char_indices().map(|(at, c)| at + c.len_utf8());
    ends.take_while(|&at| text.original(at - 1..at).end <= end)
        .last()
        .unwrap_or(0)
}

/// Finds the shape of a line and where its content starts.
fn shape(raw: &str) -> (Shape, usize) {
    let content = raw.trim_start_matches(is_blank);
    let indent = raw.len() - content.len();
    let cut = |shape, rest: &str| (shape, raw.len() - rest.trim_start_matches(is_blank).len());
    if content.is_empty() {
        return (Shape::Blank, raw.len());
    }
    if let Some(rest) = quote_marker(content) {
        return cut(Shape::Quote, rest);
    }
    if is_rule(content) {
        return (Shape::Rule, indent);
    }
    let heading = content.trim_start_matches('#');
    if heading.len() < content.len() && content.len() - heading.len() <= 6 && heading.starts_with(is_blank) {
        return cut(Shape::Heading, heading);
    }
    match item_marker(content) {
        Some(rest) => cut(Shape::Item, rest),
        None => (Shape::Text, indent),
    }
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200B}' | '\u{FEFF}')
}

fn quote_marker(content: &str) -> Option<&str> {
    let mut rest = content;
    while let Some(next) = ["&gt;", ">", "＞"]
        .iter()
        .find_map(|mark| rest.strip_prefix(mark))
    {
        rest = next.trim_start_matches(is_blank);
    }
    (rest.len() < content.len() && !rest.starts_with('=')).then_some(rest)
}

/// A line of three or more of one drawing character.
fn is_rule(content: &str) -> bool {
    const DRAWN: &str = "-=*_━─－―＝＊＿~～";
    let content = content.trim_end_matches(is_blank);
    let first = content.chars().next();
    content.chars().take(3).count() == 3
        && first.is_some_and(|first| DRAWN.contains(first) && content.chars().all(|c| c == first))
}

/// Strips a bullet, a number or a check box, or two of them ("- [ ] ").
fn item_marker(content: &str) -> Option<&str> {
    let rest = bullet(content).or_else(|| number(content)).unwrap_or(content);
    let inner = rest.trim_start_matches(is_blank);
    let boxes = ["[ ]", "[x]", "[X]", "☐", "☑", "□", "✅"];
    let rest = boxes
        .iter()
        .find_map(|mark| inner.strip_prefix(mark))
        .unwrap_or(rest);
    (rest.len() < content.len()).then_some(rest)
}

fn bullet(content: &str) -> Option<&str> {
    let mut chars = content.chars();
    match chars.next()? {
        '・' | '•' | '‣' | '●' | '○' | '◦' | '▪' | '･' => Some(chars.as_str()),
        '-' | '*' | '+' | '–' | '※' => chars.as_str().strip_prefix(is_blank),
        _ => None,
    }
}

/// "1. ", "2)", "(3)", "①", "４．": but not the 1.5 of "1.5倍" and not 10:30.
fn number(content: &str) -> Option<&str> {
    let digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    if let Some(rest) = content.strip_prefix(|c: char| ('①'..='⑳').contains(&c)) {
        return Some(rest);
    }
    let open = content.strip_prefix(['(', '（']);
    let digits = open.unwrap_or(content);
    let rest = digits.trim_start_matches(digit);
    let count = digits[..digits.len() - rest.len()].chars().count();
    let closers: &[char] = if open.is_some() {
        &[')', '）']
    } else {
        &['.', ')', '．', '）']
    };
    let rest = rest.strip_prefix(closers)?;
    ((1..=2).contains(&count) && !rest.starts_with(digit)).then_some(rest)
}

/// What one line holds once its inline markup is read. Ranges are into the line.
struct Inline {
    text: Mapped,
    struck: Vec<Range<usize>>,
    bold: Option<Range<usize>>,
}

fn inline(raw: &str) -> Inline {
    if !raw.contains(SPECIAL) {
        let mut text = Mapped::default();
        text.copy(raw, 0);
        return Inline {
            text,
            struck: Vec::new(),
            bold: None,
        };
    }
    let mut scanner = Scanner {
        raw,
        ..Scanner::default()
    };
    scanner.run();
    scanner.finish()
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

fn is_kana_or_kanji(c: char) -> bool {
    matches!(c, 'ぁ'..='ヿ' | '一'..='鿿')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(raw: &str) -> String {
        line(raw, 0).text.into_text()
    }

    #[test]
    fn slack_markup_reads_as_it_looks() {
        for (raw, expected) in [
            ("<@U012AB> お願いします", "@user お願いします"),
            ("<@U012AB|mika>さん", "@userさん"),
            ("<!subteam^S12|@sre> 宛", "@sre 宛"),
            ("<!here> <!channel>", "@here @channel"),
            ("<#C012|alert-kawasemi>で", "#alert-kawasemiで"),
            (
                "<https://git.example.com/a_b_c?x=1&amp;y=2|手順>を",
                "手順 https://git.example.com/a_b_c?x=1&y=2 を",
            ),
            ("<https://example.com>", "https://example.com"),
            (
                "<mailto:a@example.com|a@example.com>を追加",
                "a@example.comを追加",
            ),
            ("a &lt;b&gt; &amp;&amp; c", "a <b> && c"),
            ("&lt;@U1&gt;", "<@u1>"),
            ("*太字* と _斜体_ と `code_x_y`", "太字 と 斜体 と code_x_y"),
            ("お願いします:bow::skin-tone-2: :+1:", "お願いします"),
            ("お願い :おねがいします:", "お願い"),
        ] {
            assert_eq!(text(raw), expected, "{raw}");
        }
    }

    #[test]
    fn markdown_and_html_read_as_they_look() {
        for (raw, expected) in [
            (
                "[手順書](https://docs.example.com/x)を見て",
                "手順書 https://docs.example.com/x を見て",
            ),
            ("![図](https://example.com/a.png)", "図 https://example.com/a.png"),
            ("**対象**: a", "対象: a"),
            ("***強調***です", "強調です"),
            ("a<br>b<br/>c</aside>", "a b c"),
            ("## 依頼内容", "依頼内容"),
            ("- [ ] 招待する", "招待する"),
            ("- [x] 済み", "済み"),
            ("・対象: 値", "対象: 値"),
            ("1. 招待", "招待"),
            ("(2) 削除", "削除"),
            ("① 変更", "変更"),
        ] {
            assert_eq!(text(raw), expected, "{raw}");
        }
    }

    #[test]
    fn what_only_resembles_markup_stays() {
        for raw in [
            "snake_case_name と _private",
            "*.log も *.txt も a/*/b",
            "*-prod と stg-*",
            "2 * 3 * 4",
            "count(*) と select * from t",
            "10:30:15 に",
            "std::mem::swap",
            "host:8080:x",
            "1.5倍にして",
            "10~20台、30~40台",
            "https://example.com/a_b_c/~x_y",
            "<ユーザ名> を <project-id> に",
            "a[x] と (y)",
            "~/.ssh/config と ~/bin",
            "-5 度",
        ] {
            assert_eq!(text(raw), super::super::normalize::fold(raw), "{raw}");
        }
    }

    #[test]
    fn struck_text_is_set_apart() {
        let line = line("~~a環境~~ b環境に、~c権限~ d権限を", 10);
        assert_eq!(line.text.text(), "b環境に、 d権限を");
        let struck: Vec<_> = line.struck.iter().map(Mapped::text).collect();
        assert_eq!(struck, ["a環境", "c権限"]);
        assert_eq!(line.struck[0].original(0..1), 12..13);
    }

    #[test]
    fn offsets_lead_through_the_markup() {
        let raw = "> *権限* を <https://example.com|ここ>";
        let line = line(raw, 0);
        assert_eq!(line.text.text(), "権限 を ここ https://example.com");
        assert_eq!(&raw[line.text.original(0..6)], "権限");
        assert_eq!(&raw[line.text.original(11..14)], "<https://example.com|ここ>");
        assert_eq!(line.shape, Shape::Quote);
    }

    #[test]
    fn bold_at_the_start_is_measured() {
        assert_eq!(line("*依頼内容*", 0).bold, "依頼内容".len());
        assert_eq!(line("**対象**: a", 0).bold, "対象".len());
        assert_eq!(line("これは*対象*", 0).bold, 0);
    }

    #[test]
    fn shapes_are_seen_through_indent_and_width() {
        for (raw, expected) in [
            ("　", Shape::Blank),
            ("＞ 引用", Shape::Quote),
            ("&gt; 引用", Shape::Quote),
            (">= 10", Shape::Text),
            ("------", Shape::Rule),
            ("━━━━", Shape::Rule),
            ("--", Shape::Text),
            ("#channel", Shape::Text),
            ("  - a", Shape::Item),
        ] {
            assert_eq!(line(raw, 0).shape, expected, "{raw}");
        }
    }

    #[test]
    fn fences_and_comments_are_cut_out() {
        let raw = "a```x```b<!-- hint -->c```open";
        let parts: Vec<_> = chunks(raw)
            .into_iter()
            .map(|chunk| match chunk {
                Chunk::Text(range) => ("text", &raw[range]),
                Chunk::Fence(range) => ("fence", &raw[range]),
                Chunk::Comment(range) => ("comment", &raw[range]),
            })
            .collect();
        let expected = [
            ("text", "a"),
            ("fence", "x"),
            ("text", "b"),
            ("comment", " hint "),
            ("text", "c"),
            ("fence", "open"),
            ("text", ""),
        ];
        assert_eq!(parts, expected);
        assert_eq!(chunks("<!-- never closed"), [Chunk::Text(0..17)]);
    }

    #[test]
    fn every_line_break_ends_one_line() {
        let raws: Vec<_> = lines("a\r\nb\n\nc\rd", 0..9).map(|line| line.raw).collect();
        assert_eq!(raws, [0..1, 3..4, 5..5, 6..7, 8..9]);
    }
}
