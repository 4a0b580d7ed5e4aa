//! Finds greetings, thanks, self-introductions, addressees and signatures, so that they count for nothing.
//!
//! They belong to a person or a habit, and would make clusters of people. A request in the same line is never
//! lost: lines are cut at sentences and at the comma behind a greeting. Works on normalised text.

use std::ops::Range;
use std::sync::LazyLock;

use crate::matching::Pattern;

/// A part of a line and what it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) range: Range<usize>,
    pub(super) role: Role,
}

/// What a part of a line is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Something is said.
    Content,
    /// A greeting, an introduction, an addressee.
    Opening,
    /// Thanks or a closing formula: what follows is no longer the answer to a form field.
    Closing,
}

/// Who is spoken to before an opening.
const TO: &str = r"(?:@[^ ]+ *(?:さん|様)?[ 、,]*)*";
/// What ends an opening.
const OPENED: &str = r"(?:[、,。.!?…~ \^)]+|$)";

/// Openings, each up to its punctuation. "お忙しいところ" and the like lead into the request.
static OPENING: LazyLock<Pattern> = LazyLock::new(|| {
    let japanese = [
        r"(?:大変|いつも)?お疲れ(?:様|さま)(?:です|でした|でございます)?",
        r"おつかれ(?:さま)?(?:です|でした)?",
        r"(?:いつも|平素より|平素は|大変)?(?:大変)?お世話(?:に)?(?:なって(?:お|い)?ります|なっています|なります|様です)",
        r"お世話になっております",
        r"おはようございます|こんにちは|こんばんは|初めまして|はじめまして|ご無沙汰しております",
        r"(?:突然|夜分|遅く|早朝|休日|連休中|お休みのところ|度々|たびたび|何度も)(?:の(?:ご連絡|連絡|お願い)|遅く)?(?:に|で)?(?:失礼|すみません|すいません|申し訳)(?:し|いたし|致し|ありません|ございません)?(?:ます|が|けど)*",
        r"(?:ご多忙|お忙しい)(?:の)?(?:ところ|中|なか)(?:大変)?(?:、)?(?:恐れ入ります|恐縮です|すみません|すいません|申し訳(?:ありません|ございません)|失礼(?:いた)?します|とは(?:思い|存じ)ます)?(?:が|けど)?",
        r"(?:大変|誠に)?(?:恐れ入ります|恐縮です|お手数(?:を)?(?:お)?(?:かけ|掛け)(?:し|いたし|致し)(?:ます|て(?:すみません|申し訳(?:ありません|ございません)))|お手数です|すみません|すいません|申し訳(?:ありません|ございません)|失礼(?:いた)?します)(?:が|けど|けれど)?",
        r"標記の件(?:です|について(?:です)?)?|表題の件(?:です|について(?:です)?)?|件名の件(?:です|について(?:です)?)?",
    ]
    .join("|");
    let hello = r"(?:hi|hello|hey|dear|good (?:morning|afternoon|evening))";
    let whom = r"(?: (?:there|all|team|everyone|folks|sre|platform|infra|devops|sirs?|support)| @[^ ]+)";
    // "history" starts with "hi", and "hello world app" greets nobody.
    Pattern::new(&format!(
        r"^{TO}(?:(?:{japanese}){OPENED}|{hello}(?:{whom}+(?:[、,。.!…~ ]+|$)|[、,。.!…~]+ *|$))"
    ))
});

/// "sreチーム各位", "関係者の皆様へ": may begin with nearly anything, but ends in one of a few words.
static EVERYBODY: LazyLock<Pattern> = LazyLock::new(|| {
    let names = r"(?:関係者|担当者|[a-z]{2,12}|[ァ-ヺー]{2,10})";
    let team = r"(?:チーム|team|部|担当|グループ)";
    let all =
        r"(?:各位|皆様|皆さま|皆さん|みなさま|みなさん|御中|ご担当者様|担当者様|ご担当者さま|担当者さま)";
    Pattern::new(&format!(
        r"^{TO}(?:{names}(?:の)?)?{team}?(?:の)?{all}(?:へ|、)?{OPENED}"
    ))
});

/// "hi mika," and "dear yuki san:" need their comma: "hello world app is down" is no greeting.
static ENGLISH_NAMED: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"^(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)) [a-z.]+(?: [a-z.]+)?(?:[,!] *| *$)",
    )
});

/// "sreの結城です", "結城と申します": `org`, `name` and `verb` decide together whether it is a person.
static INTRODUCTION: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"^(?P<org>[^ 、。,:()はがを]{1,24}の)?(?P<name>[\p{Han}々]{1,4}|[ァ-ヺー]{2,8}|[ぁ-ゖ]{2,6})(?:\([^)]{1,12}\))?(?P<verb>です|と申します|と言います|でございます)(?:[、,。.! ]+|$)",
    )
});

static TEAM: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?:チーム|team|部|課|室|係|局|本部|グループ|group|ユニット|unit|株式会社|\(株\)|sre|担当|squad|ギルド|開発|情シス)の$",
    )
});

/// A whole sentence of thanks or closing, without its final punctuation.
static CLOSING: LazyLock<Pattern> = LazyLock::new(|| {
    let lead = r"(?:(?:以上|では|それでは|引き続き|お手数ですが|お手数(?:を)?(?:お)?(?:かけ|掛け)(?:し|いたし|致し)ますが|恐れ入りますが|すみませんが|お忙しいところ(?:恐縮ですが|恐れ入りますが|すみませんが)?|大変恐縮ですが|何卒|どうぞ|どうか|ご(?:対応|検討|確認|協力|査収)の(?:ほど|程)|ご(?:対応|検討)(?:を)?|皆様)[、, ]*)*";
    let wish = r"(?:(?:よろしく|宜しく|宜敷く?|よろ|何卒)[、 ]*)?(?:(?:お|御)願い(?:いた|致|申し上げ|申しあげ|もうしあげ)?(?:し|します|たします|いたします|ます|する|でき(?:ます|れば)|です)*|おねがい(?:いた)?します|頼みます|です|しゃす|よろ)";
    let bare = r"(?:よろしく|宜しく|よろ|以上|以上です|以上になります|以上となります)";
    let thanks = r"(?:(?:いつも|ご対応|ご連絡|ご確認|ご返信|ご協力|早速の(?:ご対応|ご返信)|ご回答|迅速な(?:ご)?対応|お忙しい(?:ところ|中)|大変|誠に|本当に|どうも|先日は|先ほどは|皆様|ご対応いただき|ご確認いただき)[、, ]*)*(?:ありがとう|有難う|有り難う|あざ(?:っ)?す|感謝(?:し|いたし)?)(?:ございます|ございました|ございましたm|ます)?";
    let other = r"(?:大変)?(?:助かります|助かりました|幸いです|幸甚です|承知(?:しました|いたしました|致しました|です)|了解(?:です|しました|いたしました)|かしこまりました|失礼(?:いた)?します|お手数おかけします|お手数をおかけします)";
    let english = r"(?:(?:many )?thanks?(?: you)?(?: (?:so|very) much)?(?: a lot)?(?: in advance)?(?: again)?(?: for (?:your|the) (?:help|time|support|understanding|cooperation|quick (?:reply|response)|assistance))?(?: in advance)?(?:,? (?:all|team|everyone|sre))?|thx|ty|tia|cheers|(?:best|kind|warm)(?: regards| wishes)?|regards|sincerely(?: yours)?|much appreciated|(?:i )?(?:would )?appreciate (?:it|your help)|any help (?:is|would be) appreciated|please and thank you|have a (?:nice|great|good) (?:day|weekend|one))";
    let tail = r"(?:(?:m *\(?_ *_\)? *m)|[!。.…~、, \^;:)]|ね|です|mm|笑)*";
    Pattern::new(&format!(
        r"^(?:{lead}{wish}|{lead}{bare}|{thanks}|{other}|{english}){tail}$"
    ))
});

/// A closing behind a comma or a blank: "…してください、よろしくお願いします".
static CLOSING_TAIL: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"[、, ](?:以上[、, ]*)?(?:何卒|どうぞ|ご対応(?:の(?:ほど|程))?[、 ]*)?(?:(?:よろしく|宜しく)[、 ]*(?:お願い(?:いた|致|申し上げ|し)*(?:します|ます|です)|です)|(?:ありがとう|有難う)ございます)[!。. ]*$",
    )
});

static CARBON_COPY: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(r"^(?:b?cc|fyi|宛先|to) *(?::| ) *(?:[@<]|.{0,40}(?:さん|様|各位|team|チーム|@[^ ]+) *$)")
});

/// Nothing but people who are to look.
static ADDRESSEES: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r"^(?:@(?:user|here|channel|everyone|group)(?:さん|様)?[ 、,/]*)+$"));

static SIGNATURE_WORD: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?:^| )(?:tel|mobile|phone|fax|e-?mail|mail|url|内線|携帯) *[:./]|〒|株式会社|\(株\)|co\., ?ltd|inc\.|署名|[^ ]@[^ ]+\.[^ ]",
    )
});

/// What else stands before です. A name that ends in one of them is no name.
const NOT_NAMES: &str = "至急 緊急 以上 質問 相談 依頼 申請 連絡 報告 件 権限 環境 本番 検証 開発 設定 変更 追加 削除 招待 \
    付与 発行 作成 調査 確認 対応 具合 障害 問題 原因 不要 必要 可能 不明 未定 同様 同上 次 通り 以下 \
    下記 上記 添付 詳細 希望 予定 完了 終了 新規 更新 移行 共有 解除 停止 再開 復旧 再発 正常 異常 \
    大丈夫 初回 前 後 中 時 方 者 分 日 月 年 内容 目的 対象 期限 理由 手順 方法 用 済";

/// Cuts lines into what is said and what is courtesy; remembers whether somebody just greeted.
#[derive(Debug, Default)]
pub(super) struct Courtesies {
    /// After a greeting "結城です" is an introduction; elsewhere "本番です" is an answer.
    greeted: bool,
}

impl Courtesies {
    /// Cuts one line of normalised text. The parts are in order and leave out nothing but blanks.
    pub(super) fn split(&mut self, text: &str) -> Vec<Part> {
        let mut parts = Vec::new();
        if is_addressing(text) {
            push(&mut parts, text, 0..text.len(), Role::Opening);
            return parts;
        }
        for range in sentences(text) {
            self.sentence(text, range, &mut parts);
        }
        parts
    }

    fn sentence(&mut self, text: &str, range: Range<usize>, parts: &mut Vec<Part>) {
        let mut start = range.start;
        while let Some(len) = self.opening_len(&text[start..range.end]) {
            push(parts, text, start..start + len, Role::Opening);
            self.greeted = true;
            start += len;
        }
        let rest = text[start..range.end].trim();
        if rest.is_empty() {
            return;
        }
        if last_chars(rest).len() == rest.len() && CLOSING.is_match(rest) {
            push(parts, text, start..range.end, Role::Closing);
            return;
        }
        self.greeted = false;
        let content = range.end - closing_tail_len(&text[start..range.end]);
        push(parts, text, start..content, Role::Content);
        push(parts, text, content..range.end, Role::Closing);
    }

    fn opening_len(&self, rest: &str) -> Option<usize> {
        let rest = first_chars(rest);
        let everybody = || EVERYBODY.may_occur(rest).then(|| EVERYBODY.find(rest))?;
        let found = OPENING
            .find(rest)
            .or_else(everybody)
            .or_else(|| ENGLISH_NAMED.find(rest))
            .map(|found| found.end);
        found
            .or_else(|| self.introduction_len(rest))
            .filter(|&len| len > 0)
    }

    fn introduction_len(&self, rest: &str) -> Option<usize> {
        if !["です", "申します", "言います", "でございます"]
            .iter()
            .any(|verb| rest.contains(verb))
        {
            return None;
        }
        let found = INTRODUCTION.each(rest).next()?;
        let [org, name, verb] = found.groups.map(|group| group.map_or("", |range| &rest[range]));
        let from_team = TEAM.is_match(org);
        let hiragana = name.chars().all(|c| matches!(c, 'ぁ'..='ゖ'));
        let introduced = match verb {
            "です" | "でございます" => {
                (from_team || self.greeted && !hiragana)
                    && !NOT_NAMES.split(' ').any(|word| name.ends_with(word))
            }
            _ => true,
        };
        introduced.then_some(found.whole.end)
    }
}

/// Bytes of the closing at the end of a sentence that says more than that.
fn closing_tail_len(sentence: &str) -> usize {
    let end = last_chars(sentence);
    let closes = ["よろしく", "宜しく", "ございます"]
        .iter()
        .any(|word| end.contains(word));
    let tail = closes.then(|| CLOSING_TAIL.find(end)).flatten();
    let len = tail.map_or(0, |tail| end.len() - tail.start);
    if len < sentence.len() { len } else { 0 }
}

/// The first characters of a text: as many as the longest opening has.
fn first_chars(text: &str) -> &str {
    const LONGEST_OPENING: usize = 120;
    if text.len() <= LONGEST_OPENING {
        return text;
    }
    text.char_indices()
        .nth(LONGEST_OPENING)
        .map_or(text, |(end, _)| &text[..end])
}

/// The last characters of a text: as many as the longest closing has.
fn last_chars(text: &str) -> &str {
    const LONGEST_CLOSING: usize = 80;
    if text.len() <= LONGEST_CLOSING {
        return text;
    }
    text.char_indices()
        .nth_back(LONGEST_CLOSING)
        .map_or(text, |(start, _)| &text[start..])
}

/// Where a signature starts among the lines of a field: at a mail's `--`, at a sign-off, or at a drawn line
/// above a company's address. Only a short end of the text is taken.
pub(super) fn signature_start(lines: &[&str]) -> Option<usize> {
    const LONGEST: usize = 10;
    let first = lines.len().saturating_sub(LONGEST + 1);
    (first..lines.len()).find(|&at| starts_signature(lines[at], &lines[at + 1..]))
}

fn starts_signature(line: &str, after: &[&str]) -> bool {
    const LONGEST_LINE: usize = 60;
    let line = line.trim();
    let drawn = line.chars().nth(2).is_some() && line.chars().all(|c| "-=*_━─―~+.".contains(c));
    let name_lines = name_lines_after(line);
    if line != "--" && !drawn && name_lines == 0 {
        return false;
    }
    let filled: Vec<&str> = after
        .iter()
        .copied()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let short = filled.iter().all(|line| line.chars().count() <= LONGEST_LINE);
    if filled.is_empty() || !short {
        return false;
    }
    line == "--"
        || drawn && filled.iter().any(|line| SIGNATURE_WORD.is_match(line))
        || filled.len() <= name_lines && filled.iter().all(|line| is_name_line(line))
}

/// How many lines of names may follow a line: a sign-off may have name, role and company below it.
fn name_lines_after(line: &str) -> usize {
    match line.trim_end_matches([',', '.', '!']) {
        "regards" | "best regards" | "kind regards" | "best" | "sincerely" => 4,
        "thanks" | "thank you" | "thanks in advance" | "many thanks" | "cheers" => 1,
        _ => 0,
    }
}

/// At most three words without an end of sentence: the name, role or company below a sign-off.
fn is_name_line(line: &str) -> bool {
    line.split_whitespace().count() <= 3 && !line.trim_end().ends_with(['.', '?', '。'])
}

fn is_addressing(text: &str) -> bool {
    text.starts_with('@') && ADDRESSEES.is_match(text)
        || text.starts_with(['b', 'c', 'f', 't', '宛']) && CARBON_COPY.is_match(text)
}

fn push(parts: &mut Vec<Part>, text: &str, range: Range<usize>, role: Role) {
    let piece = &text[range.clone()];
    let start = range.start + piece.len() - piece.trim_start().len();
    let range = start..start + piece.trim().len();
    if range.is_empty() {
        return;
    }
    match parts.last_mut() {
        Some(last) if last.role == role => last.range.end = range.end,
        _ => parts.push(Part { range, role }),
    }
}

/// Cuts behind 。 ! ? and behind a full stop that a blank follows; the cuts joined give the text.
fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|&(_, next)| next);
        let ends = match c {
            '。' | '!' | '?' => next.is_some_and(|next| !matches!(next, '。' | '!' | '?' | ')' | '」')),
            '.' => next == Some(' '),
            '\n' => true,
            _ => false,
        };
        if ends {
            ranges.push(start..at + c.len_utf8());
            start = at + c.len_utf8();
        }
    }
    ranges.push(start..text.len());
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Parts with a mark: `<` opening, `>` closing, `=` content.
    fn split(lines: &[&str]) -> Vec<String> {
        let mut courtesies = Courtesies::default();
        let mut out = Vec::new();
        for line in lines {
            for part in courtesies.split(line) {
                let mark = match part.role {
                    Role::Content => '=',
                    Role::Opening => '<',
                    Role::Closing => '>',
                };
                out.push(format!("{mark}{}", &line[part.range]));
            }
        }
        out
    }

    #[test]
    fn whole_lines_of_courtesy_are_found() {
        for line in [
            "お疲れ様です。",
            "おつかれさまです!",
            "お世話になっております。sreの結城です。",
            "いつもお世話になっております",
            "各位",
            "sreチームの皆様",
            "関係者各位",
            "ご担当者様",
            "@sre お疲れ様です",
            "@user @here",
            "cc: @mika",
            "cc @user",
            "hotaruチームの早川です。",
            "お疲れ様です、結城です。",
            "結城と申します。",
            "hi team,",
            "hi",
            "hello everyone!",
            "dear mika,",
            "お忙しいところ恐れ入りますが、",
            "突然のご連絡失礼します",
            "標記の件です",
        ] {
            let parts = split(&[line]);
            assert!(parts.iter().all(|part| part.starts_with('<')), "{parts:?}");
        }
        for line in [
            "よろしくお願いいたします。",
            "宜しくお願い致します",
            "どうぞよろしくお願いします!",
            "以上、よろしくお願いいたします。",
            "何卒よろしくお願い申し上げます",
            "お手数ですがよろしくお願いします",
            "よろです",
            "お願いします",
            "以上です。",
            "ありがとうございます!",
            "ご対応ありがとうございました。",
            "ご対応のほどよろしくお願いいたします",
            "助かります",
            "承知しました",
            "thanks!",
            "thank you so much",
            "thanks in advance",
            "best regards,",
            "thanks for your help.",
            "おねがいします",
        ] {
            let parts = split(&[line]);
            assert!(parts.len() == 1 && parts[0].starts_with('>'), "{line}: {parts:?}");
        }
    }

    #[test]
    fn requests_beside_courtesy_survive() {
        for (line, expected) in [
            (
                "お疲れ様です、権限付与をお願いします",
                vec!["<お疲れ様です、", "=権限付与をお願いします"],
            ),
            (
                "お疲れ様です 権限付与お願いします",
                vec!["<お疲れ様です", "=権限付与お願いします"],
            ),
            (
                "お手数ですが、招待してください。よろしくお願いします。",
                vec![
                    "<お手数ですが、",
                    "=招待してください。",
                    ">よろしくお願いします。",
                ],
            ),
            (
                "招待してください、よろしくお願いします",
                vec!["=招待してください", ">、よろしくお願いします"],
            ),
            (
                "hi team, could you add me to the org?",
                vec!["<hi team,", "=could you add me to the org?"],
            ),
            (
                "thanks for adding me, but it still fails",
                vec!["=thanks for adding me, but it still fails"],
            ),
            (
                "権限付与をよろしくお願いします",
                vec!["=権限付与をよろしくお願いします"],
            ),
            ("history tab is empty", vec!["=history tab is empty"]),
            ("hello world app is down", vec!["=hello world app is down"]),
        ] {
            assert_eq!(split(&[line]), expected);
        }
    }

    #[test]
    fn answers_are_not_introductions() {
        for line in [
            "本番です",
            "至急です",
            "権限付与の依頼です",
            "対象はstgです",
            "sreチームの権限です",
            "ほしいです",
            "要る。",
        ] {
            let parts = split(&["お疲れ様です。", line]);
            assert_eq!(
                parts.last().map(String::as_str),
                Some(format!("={line}").as_str())
            );
        }
        assert_eq!(split(&["原因は不明です。榊です"]), ["=原因は不明です。榊です"]);
    }

    #[test]
    fn signatures_start_where_the_text_ends() {
        let mail = ["招待をお願いします", "--", "結城", "example株式会社"];
        assert_eq!(signature_start(&mail), Some(1));
        let drawn = ["招待をお願いします", "━━━━━", "結城", "tel: 00-0000", "━━━━━"];
        assert_eq!(signature_start(&drawn), Some(1));
        let sign_off = ["please add me.", "best regards,", "mika hayakawa", "hotaru team"];
        assert_eq!(signature_start(&sign_off), Some(1));
        assert_eq!(signature_start(&["please add me.", "thanks!", "mika"]), Some(1));
        assert_eq!(
            signature_start(&["thanks!", "please also add me to the org."]),
            None
        );
        let divided = ["概要", "-----", "招待をお願いします"];
        assert_eq!(signature_start(&divided), None);
    }

    proptest! {
        #[test]
        fn parts_leave_out_only_blanks(raw in "(お疲れ様です|よろしくお願いします|結城です|権限|thanks|hi team|[、。!?. \n]|\\PC){0,12}") {
            let text = super::super::normalize::fold(&raw);
            let parts = Courtesies::default().split(&text);
            let joined: String = parts.iter().map(|part| &text[part.range.clone()]).collect();
            let solid = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert_eq!(solid(&joined), solid(&text));
        }
    }
}
