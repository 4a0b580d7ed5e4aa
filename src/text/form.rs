//! Tells the labels of a request form from the values that people filled in.
//!
//! Labels fire rules ("対象サービス/環境") and build one big cluster of the form, so they are set apart. Known labels
//! are listed in `labels.txt`; the labels of a team's own form are learnt ([`Boilerplate`]). Which lines a value
//! has is decided in `document`. Works on normalised text.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

pub use super::boilerplate::Boilerplate;
use super::markup::{Line, Shape};
use super::normalize::fold;
use crate::matching::Pattern;

/// A label at the start of a line and what follows it there. Ranges are into the text of the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    /// The label without decoration, number and remarks such as "(必須)".
    pub(super) name: String,
    pub(super) label: Range<usize>,
    /// Empty if the value stands on the next lines.
    pub(super) value: Range<usize>,
    pub(super) trust: Trust,
}

/// Why a line is taken for a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    /// It is a known or learnt label.
    Sure,
    /// It is set off by brackets, a marker or bold: believed where a second label stands in the same text.
    SetOff,
    /// It only stands before a colon: believed beside a sure one.
    Keyed,
    /// It is one Latin word before a colon, as in "member: a@b.example": so begin logs and prose too, so it is believed
    /// only among lines of its kind without a gap, one of which is sure.
    Plain,
}

/// Characters of the longest label: "What is the business impact of this request?" has 44.
const LONGEST_LABEL: usize = 60;

/// Characters of the longest label that is believed for its looks.
const LONGEST_UNKNOWN: usize = 20;

/// Words of the longest value behind a key that is no known label; what goes on is prose.
const MOST_WORDS: usize = 4;

const MARKERS: [char; 15] = [
    '■', '◆', '▼', '◇', '▶', '▪', '◼', '●', '◎', '★', '▽', '△', '▲', '□', '#',
];

/// What stands before a colon without being a label.
const NOT_LABELS: &str = "エラー エラーメッセージ error warning warn info debug fatal exception 注 注意 例 ex e.g. http https \
    ftp ssh git re fw fwd ps p.s. 追記 todo ちなみに 結論 cc bcc fyi tel 原因 panic";

static KNOWN: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let entries = include_str!("labels.txt").lines().map(str::trim);
    entries
        .filter(|line| !line.is_empty() && !line.starts_with("//"))
        .map(label_name)
        .collect()
});

/// Looks for a label at the start of a line.
pub(super) fn field(line: &Line, boilerplate: &Boilerplate) -> Option<Field> {
    let text = line.text.text();
    let (label, value, decorated) = cut(text, line.bold)?;
    let name = bare_name(&text[label.clone()]);
    let sure = is_known(&name) || boilerplate.has_label(&name);
    let keyed = !value.is_empty() && !name.is_ascii();
    let trust = if sure {
        Trust::Sure
    } else if (decorated || keyed) && looks_like_label(&name) && !is_no_label(&name) {
        if decorated { Trust::SetOff } else { Trust::Keyed }
    } else if line.shape == Shape::Text
        && is_plain_key(&text[label.clone()], &text[label.end..])
        && !is_no_label(&name)
    {
        Trust::Plain
    } else {
        return None;
    };
    Some(Field {
        name,
        label,
        value,
        trust,
    })
}

/// Whether words at the start of a line are a key of one Latin word, with a short value behind colon and space. What
/// ends in `error` is the head of a message.
fn is_plain_key(key: &str, behind: &str) -> bool {
    const HEADS: [&str; 3] = ["error", "exception", "warning"];
    let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    (2..=LONGEST_UNKNOWN).contains(&key.len())
        && key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.chars().all(word)
        && !HEADS.iter().any(|head| key.ends_with(head))
        && behind.strip_prefix(": ").is_some_and(|value| {
            !value.trim().is_empty() && value.is_ascii() && value.split_whitespace().count() <= MOST_WORDS
        })
}

/// Drops keys of one Latin word that stand among no lines of their kind of which one is a known label, or among those
/// of a manifest.
pub(super) fn believe_plain(fields: &mut [Option<Field>]) {
    const OF_MANIFESTS: [&str; 9] = [
        "apiversion",
        "kind",
        "metadata",
        "spec",
        "image",
        "replicas",
        "command",
        "uses",
        "level",
    ];
    for block in fields.split_mut(Option::is_none) {
        let fields = || block.iter().flatten();
        let is_like =
            |field: &Field| field.trust == Trust::Sure && field.name.is_ascii() && !field.value.is_empty();
        let is_form =
            fields().any(is_like) && !fields().any(|field| OF_MANIFESTS.contains(&field.name.as_str()));
        if !is_form {
            for field in block {
                field.take_if(|field| field.trust == Trust::Plain);
            }
        }
    }
}

/// Cuts a line into label and value, and says whether the label is set off by more than a colon.
fn cut(text: &str, bold: usize) -> Option<(Range<usize>, Range<usize>, bool)> {
    let trimmed = |range: Range<usize>| {
        let piece = text[range.clone()].trim_start_matches([' ', ':', '|', '→', '*']);
        range.end - piece.len()..range.end - piece.len() + piece.trim_end_matches([' ', '|']).len()
    };
    if let Some((inner, end)) = bracketed(text) {
        return Some((inner, trimmed(end..text.len()), true));
    }
    if bold > 0 && short(&text[..bold]) {
        let rest = &text[bold..];
        let set_off =
            rest.trim().is_empty() || rest.trim_start().starts_with(':') || text[..bold].ends_with(':');
        return set_off.then(|| (0..bold, trimmed(bold..text.len()), true));
    }
    let content = text.trim_start_matches(MARKERS).trim_start_matches([' ', '|']);
    let start = text.len() - content.len();
    let decorated = text.starts_with(MARKERS);
    match separator(content) {
        Some(at) => Some((start..start + at, trimmed(start + at..text.len()), decorated)),
        None if short(content) => Some((start..text.len(), text.len()..text.len(), decorated)),
        None => None,
    }
}

/// The inside of 【…】 or the like at the start of a line, and where the bracket ends.
fn bracketed(text: &str) -> Option<(Range<usize>, usize)> {
    const PAIRS: [(char, char); 6] = [
        ('【', '】'),
        ('[', ']'),
        ('《', '》'),
        ('〈', '〉'),
        ('〔', '〕'),
        ('≪', '≫'),
    ];
    let open = text.chars().next()?;
    let close = PAIRS.iter().find(|pair| pair.0 == open)?.1;
    let start = open.len_utf8();
    let end = head(text).find(close)?;
    Some((start..end, end + close.len_utf8()))
}

/// Where a colon, or the bar of a table row, ends the label. Not in URLs and times.
fn separator(content: &str) -> Option<usize> {
    let at = head(content).find([':', '|'])?;
    let after = &content[at + 1..];
    let time = content[..at].ends_with(|c: char| c.is_ascii_digit())
        && after.starts_with(|c: char| c.is_ascii_digit());
    (at > 0 && !after.starts_with("//") && !after.starts_with(':') && !time).then_some(at)
}

/// The part of a line in which a label may end.
fn head(text: &str) -> &str {
    if text.len() <= LONGEST_LABEL {
        return text;
    }
    text.char_indices()
        .nth(LONGEST_LABEL + 1)
        .map_or(text, |(end, _)| &text[..end])
}

fn short(text: &str) -> bool {
    head(text).len() == text.len()
}

static REMARK: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"\s*[(\[【](?:必須|任意|required|optional|※[^)\]】]*|[^()\[\]【】]{0,30}(?:任意|必須|あれば|ください|記入|場合)[^()\[\]【】]{0,30})[)\]】]\s*",
    )
});

/// The bare name of a label in any spelling.
pub(super) fn label_name(text: &str) -> String {
    bare_name(&fold(text))
}

/// Takes number, brackets, marks and remarks off a normalised label.
pub(super) fn bare_name(text: &str) -> String {
    let text = without_remarks(text);
    let text = text.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ')' | '(' | '-'));
    text.trim_matches(is_edge).to_owned()
}

fn is_edge(c: char) -> bool {
    let mark = matches!(
        c,
        '*' | ':'
            | '?'
            | '_'
            | '【'
            | '】'
            | '['
            | ']'
            | '「'
            | '」'
            | '<'
            | '>'
            | '・'
            | '※'
            | '|'
            | '.'
            | '。'
    );
    mark || c.is_whitespace() || MARKERS.contains(&c)
}

fn without_remarks(text: &str) -> Cow<'_, str> {
    if !text.contains(['(', '[', '【']) || !REMARK.may_occur(text) {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    let mut done = 0;
    for remark in REMARK.find_iter(text) {
        kept.push_str(&text[done..remark.start]);
        done = remark.end;
    }
    kept.push_str(&text[done..]);
    Cow::Owned(kept)
}

/// Whether every part of a name ("背景・目的", "対象サービス/環境") is a known label.
fn is_known(name: &str) -> bool {
    KNOWN.contains(name)
        || name.contains(['/', '・', ',', '、', '&'])
            && name
                .split(['/', '・', ',', '、', '&'])
                .all(|part| KNOWN.contains(part.trim()))
}

static SENTENCE: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"[。!、]|を|が|(?:です|ます|ました|ません|ください|下さい|たい|した|する|願い|して|ない|ほしい|欲しい|か|ね|よ|へ|に|で|は|please)$",
    )
});

/// Whether a name is one of those that stand before a colon in prose.
pub(super) fn is_no_label(name: &str) -> bool {
    NOT_LABELS.split(' ').any(|word| word == name)
}

/// Short and a noun: says nothing that could be the request itself.
pub(super) fn looks_like_label(name: &str) -> bool {
    name.chars().count() <= LONGEST_UNKNOWN
        && name.chars().any(char::is_alphabetic)
        && !name.contains("://")
        && !name.contains('@')
        && !SENTENCE.is_match(name)
}

static FILLER: LazyLock<Pattern> = LazyLock::new(|| {
    let nothing = r"(?:今のところ|現状|現時点では)?(?:特に?)?(?:(?:無|な)し|(?:無|な)い|ありません|ございません|問題(?:無|な)し)(?:です)?|特に(?:です)?|該当(?:無|な)し|不要(?:です)?|未定(?:です)?|不明(?:です)?";
    let above = r"(?:上記|上述|同上|件名|タイトル|表題|標題|題名)(?:に|の|を)?(?:同じ|通り|とおり|参照|記載|ご参照(?:ください)?|記載の(?:通り|とおり))?(?:です|の件)?|左記の(?:通り|とおり)";
    let soon = r"なるはや(?:で)?|なる早(?:で)?|できるだけ早く|できれば早めに|お?早めに|可能な限り早く|至急|急ぎ(?:です|ません|ではありません)?|いつでも(?:可|良い|よい|大丈夫です|ok)?|(?:今日|本日|明日|今週|来週|今月|来月|年内|月内|週内)(?:中|まで|いっぱい)?(?:に|で)?|asap|as soon as possible|anytime|no rush|whenever";
    let work = r"業務(?:で|上|に)?(?:必要|使用|利用)(?:な|する|し|の)?(?:ため|為|から)?(?:です)?|業務上|業務利用|業務のため";
    let english = r"n/?a|none|nothing|no|nil|tbd|not applicable|no response|same as above|see above|see title|-+|ー+|[.\s]+|/|x{3,}|〇+|○+|\?+";
    Pattern::new(&format!(r"^(?:{nothing}|{above}|{soon}|{work}|{english})$"))
});

/// What a template says where a value should stand. Each holds one of [`TEMPLATE_WORDS`].
static TEMPLATE: LazyLock<Pattern> = LazyLock::new(|| {
    let hint = r"(?:\(?(?:ここに|こちらに|以下に|具体的に).{0,40}(?:記入|記載|入力|書いて|ご記入)(?:して)?(?:ください|下さい|お願いします|します)?\)?|.{0,30}(?:を|は)ご?(?:記入|記載)(?:して)?(?:ください|下さい)\)?|(?:please )?(?:describe|enter|fill in|write|add) .{0,60} here|<[^>]{0,40}(?:記入|記載|入力)[^>]{0,40}>)";
    Pattern::new(&format!("^(?:{hint})$"))
});

const TEMPLATE_WORDS: [&str; 5] = ["記入", "記載", "入力", "書いて", " here"];

/// Whether a value says nothing: 特になし, 上記参照, なるはや, a hint of the template that nobody replaced.
pub(super) fn is_filler(text: &str) -> bool {
    let bare = text.trim_matches(|c: char| c.is_whitespace() || "。.!、_*()".contains(c));
    if bare.is_empty() || !short(bare) {
        return bare.is_empty() && !text.is_empty();
    }
    let hints = TEMPLATE_WORDS.iter().any(|word| bare.contains(word));
    FILLER.is_match(bare) || hints && TEMPLATE.is_match(bare)
}

#[cfg(test)]
mod tests {
    use super::super::markup;
    use super::*;

    /// "name=value" with `?` in front if it only looks like a label; empty if it is none.
    fn read(raw: &str) -> String {
        let line = markup::line(raw, 0);
        let mark = |trust| if trust == Trust::Sure { "" } else { "?" };
        field(&line, &Boilerplate::none())
            .map(|field| {
                format!(
                    "{}{}={}",
                    mark(field.trust),
                    field.name,
                    &line.text.text()[field.value]
                )
            })
            .unwrap_or_default()
    }

    #[test]
    fn labels_are_found_in_every_dress() {
        for (raw, expected) in [
            ("【依頼内容】", "依頼内容="),
            ("【依頼内容】権限付与", "依頼内容=権限付与"),
            ("■ 対象サービス：kawasemi", "対象サービス=kawasemi"),
            ("◆希望期限", "希望期限="),
            ("*依頼内容*", "依頼内容="),
            ("**対象環境**: stg", "対象環境=stg"),
            ("*対象環境:* stg", "対象環境=stg"),
            ("依頼内容：招待", "依頼内容=招待"),
            ("依頼内容", "依頼内容="),
            ("・対象: kawasemi-api", "対象=kawasemi-api"),
            ("１．依頼内容（必須）：", "依頼内容="),
            ("背景・目的：調査", "背景・目的=調査"),
            ("対象サービス/環境: stg", "対象サービス/環境=stg"),
            ("Summary: cannot log in", "summary=cannot log in"),
            ("What do you need?", "what do you need="),
            ("## 依頼内容", "依頼内容="),
            ("| 対象環境 | stg |", "対象環境=stg"),
            ("【連絡事項】あり", "?連絡事項=あり"),
            ("・席番号: 3", "?席番号=3"),
            ("時刻：10:30頃", "?時刻=10:30頃"),
            ("member: a@b.example", "?member=a@b.example"),
        ] {
            assert_eq!(read(raw), expected, "{raw}");
        }
    }

    #[test]
    fn colons_in_prose_make_no_label() {
        for raw in [
            "https://example.com/a",
            "10:30 に作業します",
            "エラー: connection refused",
            "TypeError: x is not a function",
            "error: exit 1",
            "例：stg",
            "次のメッセージが出ます: denied",
            "権限を付与してください：stg",
            "std::mem",
            "localhost:8080 が落ちています",
            "since yesterday: nothing works",
            "ValueError: bad",
            "member:a",
            "招待をお願いします",
            "",
            "：",
        ] {
            assert_eq!(read(raw), "", "{raw}");
        }
    }

    #[test]
    fn a_bracketed_request_is_no_label() {
        assert_eq!(read("【開発環境の構築をお願いします】"), "");
    }

    #[test]
    fn known_labels_are_in_normal_form() {
        for entry in KNOWN.iter() {
            assert_eq!(&label_name(entry), entry);
            assert!(entry.chars().count() <= LONGEST_LABEL, "{entry}");
        }
    }

    #[test]
    fn fill_ins_are_known() {
        for text in [
            "特になし",
            "なし",
            "無し。",
            "-",
            "ー",
            "上記参照",
            "同上",
            "なるはや",
            "今週中",
            "業務で必要なため",
            "n/a",
            "_no response_",
            "asap",
            "ここに依頼内容を記入してください",
            "タイトルの通り",
            "特にありません",
            "(任意)に".trim_end_matches("(任意)に"),
            "未定",
        ] {
            assert_eq!(is_filler(text), !text.is_empty(), "{text}");
        }
        for text in [
            "招待",
            "stg",
            "データがない",
            "今週中に権限を付与してください",
            "no access to grafana",
            "作業不要の理由",
        ] {
            assert!(!is_filler(text), "{text}");
        }
    }
}
