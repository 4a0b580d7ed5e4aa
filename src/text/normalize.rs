//! Brings the many spellings of one word to one form, before any rule, learner or cluster looks at it.
//!
//! The steps, in order: invisible characters, NFKC, ASCII lower case, wave dashes and minus signs, long vowels,
//! white space. Markup is not handled here. Text and rule words must pass through the same function; doing it
//! twice changes nothing.

use std::borrow::Cow;
use std::ops::Range;

use icu_normalizer::ComposingNormalizerBorrowed;

pub use super::mapped::Mapped;

/// Normalises text and keeps the offsets back to it.
///
/// - zero-width, directional and control characters and variation selectors are removed (people insert zero-width
///   spaces so that Slack sees `*bold*` next to kana);
/// - NFKC: full-width ASCII becomes half-width, half-width kana full-width, NFD from macOS is recomposed;
/// - wave dashes become `~`, minus signs and dashes `-`; the long vowel mark `ー` is no dash and stays;
/// - a katakana run of four or more characters loses a final `ー`: サーバー and サーバ become one word, while
///   エラー and コピー are left alone;
/// - blanks collapse to one space and vanish at both ends of a line; every kind of line break is `\n`.
///
/// # Examples
///
/// ```
/// use toilscope::text::normalize;
///
/// let mapped = normalize("ＧｉｔＨｕｂ の　ｻｰﾊﾞｰ");
/// assert_eq!(mapped.text(), "github の サーバ");
/// assert_eq!(mapped.original(0..6), 0..18);
/// ```
#[must_use]
pub fn normalize(raw: &str) -> Mapped {
    let mut writer = Writer {
        raw,
        out: Mapped::default(),
        blank: None,
    };
    let mut at = 0;
    while at < raw.len() {
        let plain = plain_len(&raw[at..]);
        if plain > 0 {
            writer.plain(at..at + plain);
            at += plain;
        } else {
            let len = cluster_len(&raw[at..]);
            writer.cluster(at..at + len);
            at += len;
        }
    }
    writer.finish()
}

/// Normalises text without offsets: for cues, headers and labels. Equal to the text of [`normalize`].
#[must_use]
pub fn fold(raw: &str) -> String {
    normalize(raw).into_text()
}

/// Collects the output; white space and long vowels are decided when the next character is known.
struct Writer<'a> {
    raw: &'a str,
    out: Mapped,
    /// Blanks seen and not yet written.
    blank: Option<Range<usize>>,
}

impl Writer<'_> {
    /// Copies a stretch for which [`plain_len`] promised that only ASCII case can change.
    fn plain(&mut self, range: Range<usize>) {
        let text = &self.raw[range.clone()];
        if let Some(first) = text.chars().next() {
            self.before(first);
        }
        let from = self.out.text().len();
        self.out.copy(text, range.start);
        self.out.lowercase_from(from);
    }

    /// Writes one cluster through every step.
    fn cluster(&mut self, range: Range<usize>) {
        let source = &self.raw[range.clone()];
        let folded = fold_cluster(source);
        let same = folded == source;
        for (at, c) in folded.char_indices() {
            let origin = if same {
                range.start + at..range.start + at + c.len_utf8()
            } else {
                range.clone()
            };
            self.char(c, origin, same);
        }
    }

    fn char(&mut self, c: char, origin: Range<usize>, same: bool) {
        if c != '\n' && c.is_whitespace() {
            let start = self.blank.as_ref().map_or(origin.start, |blank| blank.start);
            self.blank = Some(start..origin.end);
            return;
        }
        self.before(c);
        let mut buffer = [0; 4];
        let text = c.encode_utf8(&mut buffer);
        if same {
            self.out.copy(text, origin.start);
        } else {
            self.out.replace(text, origin);
        }
    }

    /// Settles what was pending, now that `next` is known to follow.
    fn before(&mut self, next: char) {
        let blank = self
            .blank
            .take()
            .filter(|_| next != '\n' && !self.at_line_start());
        self.shorten_vowel(if blank.is_some() { ' ' } else { next });
        match blank {
            Some(range) if &self.raw[range.clone()] == " " => self.out.copy(" ", range.start),
            Some(range) => self.out.replace(" ", range),
            None => {}
        }
    }

    fn at_line_start(&self) -> bool {
        self.out.text().is_empty() || self.out.text().ends_with('\n')
    }

    /// Drops the long vowel marks at the end of a katakana run that `next` does not continue.
    fn shorten_vowel(&mut self, next: char) {
        if is_katakana(next) || !starts_cluster(next) || !self.out.text().ends_with(LONG_VOWEL) {
            return;
        }
        let run = self
            .out
            .text()
            .chars()
            .rev()
            .take_while(|&c| is_katakana(c))
            .count();
        let marks = self
            .out
            .text()
            .chars()
            .rev()
            .take_while(|&c| c == LONG_VOWEL)
            .count();
        let drop = marks.min((run + 1).saturating_sub(SHORTENED_RUN));
        let end = self
            .out
            .original(self.out.text().len() - LONG_VOWEL.len_utf8()..self.out.text().len())
            .end;
        for _ in 0..drop {
            self.out.pop();
        }
        // The last character stands for the dropped marks too, so that a quote shows the word as written.
        if let Some((last, origin)) = (drop > 0).then(|| self.out.pop()).flatten() {
            self.out.replace(last.encode_utf8(&mut [0; 4]), origin.start..end);
        }
    }

    fn finish(mut self) -> Mapped {
        self.blank = None;
        self.shorten_vowel('\n');
        self.out
    }
}

const LONG_VOWEL: char = 'ー';

/// Katakana runs of this length or more lose a final long vowel mark. Three would turn エラー into エラ.
const SHORTENED_RUN: usize = 4;

/// Bytes at the start of `text` that no step changes except for ASCII case.
///
/// A run stops after a long vowel mark that may have to go, and before a character that a following mark may
/// combine with.
fn plain_len(text: &str) -> usize {
    let mut chars = text.char_indices().peekable();
    let mut last = 0;
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|&(_, next)| next);
        if c == ' ' {
            if at == 0 || !next.is_some_and(|next| next != ' ' && is_plain(next)) {
                return at;
            }
        } else if !is_plain(c) {
            return if starts_cluster(c) { at } else { last };
        } else if c == LONG_VOWEL && next.is_some_and(|next| !is_katakana(next) && starts_cluster(next)) {
            return at + c.len_utf8();
        }
        last = at;
    }
    text.len()
}

/// Bytes of the first character and of everything that may combine with it. Not 0 for text that is not empty.
fn cluster_len(text: &str) -> usize {
    if text.starts_with("\r\n") {
        return 2;
    }
    text.char_indices()
        .skip(1)
        .find(|&(_, c)| starts_cluster(c))
        .map_or(text.len(), |(at, _)| at)
}

/// All steps on one cluster except white space and long vowels, which depend on the neighbours.
fn fold_cluster(source: &str) -> String {
    let visible: String = match source {
        "\r\n" => "\n".to_owned(),
        _ => source
            .chars()
            .filter(|&c| !is_invisible(c))
            .map(line_break)
            .collect(),
    };
    let mut lower = compose(&visible).into_owned();
    lower.make_ascii_lowercase();
    // Once more: H with a line below has no composed form, h with a line below has.
    compose(&lower).chars().map(unify_dash).collect()
}

fn compose(text: &str) -> Cow<'_, str> {
    const NFKC: ComposingNormalizerBorrowed<'static> = ComposingNormalizerBorrowed::new_nfkc();
    NFKC.normalize(text)
}

/// Whether NFKC, lower case and white space rules leave the character alone wherever it stands.
fn is_plain(c: char) -> bool {
    matches!(c,
        '!'..='~'
        | '、'..='】' | '〔'..='〛' | '〝'..='〟'
        | 'ぁ'..='ゖ' | 'ァ'..='ヺ' | '・' | LONG_VOWEL
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}')
}

/// Whether no normalisation ever joins the character with one before it.
///
/// Only blocks that tickets are made of are listed. Anything else is taken together with what stands before it,
/// which is always right and only makes the offsets coarser where the text really changes.
fn starts_cluster(c: char) -> bool {
    let listed = matches!(c,
        '\0'..='\u{02FF}'
        | '\u{2000}'..='\u{20CF}' | '\u{2100}'..='\u{2BFF}'
        | '\u{2E80}'..='\u{2FDF}' | '\u{3000}'..='\u{3029}' | '\u{3030}'..='\u{3098}'
        | '\u{309B}'..='\u{30FF}' | '\u{3200}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{AC00}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}' | '\u{FF01}'..='\u{FF9D}'
        | '\u{1F000}'..='\u{1FAFF}');
    listed && !is_invisible(c)
}

fn is_katakana(c: char) -> bool {
    matches!(c, 'ァ'..='ヺ' | LONG_VOWEL | 'ヽ' | 'ヾ')
}

/// Characters that take no place on the page: zero-width, directional, variation selectors, tags, controls.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\0'..='\u{08}' | '\u{0E}'..='\u{1F}' | '\u{7F}'..='\u{84}' | '\u{86}'..='\u{9F}'
        | '\u{AD}' | '\u{034F}' | '\u{061C}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E0FFF}')
}

/// Makes `\n` of every line break; spreadsheets and chat clients leave vertical tabs and separators behind.
fn line_break(c: char) -> char {
    match c {
        '\r' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
        _ => c,
    }
}

fn unify_dash(c: char) -> char {
    match c {
        '\u{301C}' | '\u{3030}' | '\u{223C}' => '~',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spellings_meet_in_one_form() {
        for (raw, expected) in [
            ("ＧｉｔＨｕｂ", "github"),
            ("ｻｰﾊﾞｰ", "サーバ"),
            ("ﾛｸﾞｲﾝ", "ログイン"),
            ("：（　…①", ":( ...1"),
            ("か\u{3099}き", "がき"),
            ("cafe\u{301}", "café"),
            ("10〜20、10～20", "10~20、10~20"),
            ("a−b–c‐d-e", "a-b-c-d-e"),
            ("【至急】「本番」", "【至急】「本番」"),
            ("権限\u{200B}*付与*\u{FEFF}", "権限*付与*"),
            ("葛\u{E0100}城", "葛城"),
            ("か\u{200B}\u{3099}", "が"),
            ("H\u{331}Ｈ\u{331}", "ẖẖ"),
        ] {
            assert_eq!(fold(raw), expected, "{raw:?}");
        }
    }

    #[test]
    fn long_katakana_words_lose_the_final_vowel() {
        for (raw, expected) in [
            ("サーバー", "サーバ"),
            ("ユーザー名", "ユーザ名"),
            ("フォルダーとベンダー", "フォルダとベンダ"),
            ("メンバー", "メンバ"),
            ("サーバーー", "サーバ"),
            ("エラー", "エラー"),
            ("コピー", "コピー"),
            ("キー", "キー"),
            ("ローー", "ローー"),
            ("サーバーレス", "サーバーレス"),
            ("サー\u{200B}バー。", "サーバ。"),
            ("ユーザー ID", "ユーザ id"),
        ] {
            assert_eq!(fold(raw), expected, "{raw:?}");
        }
    }

    #[test]
    fn white_space_collapses_and_lines_stay() {
        assert_eq!(fold("a \t　b  \r\n\n  c \r d\u{2028}e "), "a b\n\nc\nd\ne");
        assert_eq!(fold("a\0b\u{1b}[31mc\u{202E}d"), "ab[31mcd");
        assert_eq!(fold(" \u{200B} "), "");
    }

    #[test]
    fn a_shortened_word_maps_to_the_word_as_written() {
        let mapped = normalize("xサーバーです");
        assert_eq!(mapped.text(), "xサーバです");
        assert_eq!(mapped.original(1..10), 1..13);
        assert_eq!(mapped.original(10..16), 13..19);
    }

    #[test]
    fn half_width_kana_map_one_by_one() {
        let raw = "ﾛｸﾞｲﾝ失敗";
        let mapped = normalize(raw);
        assert_eq!(&raw[mapped.original(3..6)], "ｸﾞ");
        assert_eq!(&raw[mapped.original(12..18)], "失敗");
    }

    #[test]
    fn ranges_are_clamped_and_widened() {
        let mapped = normalize("権限");
        assert_eq!(mapped.original(1..2), 0..3);
        assert_eq!(mapped.original(4..99), 3..6);
        assert_eq!(mapped.original(99..99), 6..6);
        assert_eq!(normalize("").original(0..5), 0..0);
        assert_eq!(normalize("\u{200B}").original(0..1), 0..0);
    }

    /// Strings in which every step has something to do, and plain hostility.
    pub(crate) fn mixed() -> impl Strategy<Value = String> {
        let parts = prop_oneof![
            "[a-zA-Z0-9 .:/_*<>|&;-]{0,6}",
            "[ァ-ヺー゙゚ｦ-ﾟー]{1,8}",
            "[ぁ-ゖ一-龠、。【】〜～−]{1,6}",
            "[\u{3000} \t\r\n\u{200B}\u{FEFF}\u{202E}\u{AD}\0\u{1b}]{1,4}",
            "[eHaか]?[\u{300}-\u{345}\u{3099}\u{309A}\u{FF9E}\u{FF9F}]{1,3}",
            "[Ａ-ｚ①-⑳㈱㍉…゛゜¨ﬁ한ᄀ-하-ᅵᆨ-ᇂㅏ]{1,4}",
            "\\PC{0,6}",
            any::<String>(),
        ];
        prop::collection::vec(parts, 0..8).prop_map(|parts| parts.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn normalising_twice_changes_nothing(raw in mixed()) {
            let once = fold(&raw);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn normalised_text_maps_onto_itself(raw in mixed()) {
            let text = fold(&raw);
            let again = normalize(&text);
            for (at, c) in text.char_indices() {
                prop_assert_eq!(again.original(at..at + c.len_utf8()), at..at + c.len_utf8());
            }
        }

        #[test]
        fn composing_clusters_composes_the_whole(raw in "[a-zか-ょカ-ョ\u{300}-\u{345}\u{3099}ｦ-ﾟᄀ-하-ᅵ]{0,12}") {
            let text = fold(&raw);
            prop_assert_eq!(compose(&text), text.as_str());
        }

        #[test]
        fn offsets_stay_on_borders_in_bounds_and_in_order(raw in mixed()) {
            let mapped = normalize(&raw);
            let mut last = 0..0;
            for (at, c) in mapped.text().char_indices() {
                let here = mapped.original(at..at + c.len_utf8());
                prop_assert!(!here.is_empty());
                prop_assert!(raw.get(here.clone()).is_some());
                prop_assert!(here.start >= last.start && here.end >= last.end);
                last = here;
            }
        }

        #[test]
        fn any_range_is_answered(raw in mixed(), from in 0usize..60, to in 0usize..60) {
            let mapped = normalize(&raw);
            prop_assert!(raw.get(mapped.original(from..to)).is_some());
        }
    }
}
