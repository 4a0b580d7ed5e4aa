//! Takes Slack, Notion, Markdown and HTML markup off the text, before it is normalised.
//!
//! Fences and comments are cut out ([`chunks`]), a line gives up its quote, heading or list marker ([`lines`]) and,
//! with the help of `inline`, its mentions, links, emphasis and struck text. What the parts mean is for others.

use std::ops::Range;

use super::inline::{Inline, inline};
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
