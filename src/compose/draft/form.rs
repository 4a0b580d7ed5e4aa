//! The request form that asks for what an automation needs: fields, the Slack workflow as text, Notion properties.

use crate::automation::draft::{Ask, File, Need, asks};
use crate::taxonomy::Slot;

use super::Subject;
use super::words::{Page, cell, code, code_cell, heads, percent};
use crate::compose::words::{says_end, whole_period, window};

/// A field of the form.
struct Question<'s> {
    /// What it is asked for by.
    name: String,
    /// What tickets give it by; `None` for what only the rows know.
    slot: Option<&'s Slot>,
    need: Need,
    /// Share of the requests that say it today; `None` without a request.
    share: Option<f64>,
    /// The values of a row that it gives, in their order.
    asks: Vec<Ask>,
}

impl Question<'_> {
    /// What a value must look like, where the skeleton knows.
    fn ask(&self) -> Option<&Ask> {
        self.asks.first()
    }

    fn kinds(&self, wanted: &[&str]) -> bool {
        self.slot
            .is_some_and(|slot| slot.entities.iter().any(|kind| wanted.contains(&kind.as_str())))
    }

    fn chooses(&self) -> bool {
        self.ask().is_some_and(|ask| !ask.choices.is_empty()) || self.kinds(&["environment"])
    }

    fn is_day(&self) -> bool {
        // A length of time in seconds is no day.
        match self.ask() {
            Some(ask) => ask.is_day,
            None => self.kinds(&["date", "duration"]),
        }
    }

    /// Whether an address is asked for: also of people where a row takes it, since a row may be for a group.
    fn is_address(&self) -> bool {
        self.kinds(&["mail"]) && (!self.kinds(&["person"]) || !self.asks.is_empty())
    }

    /// Whether nothing but a link will do; a host name is also read from a link, but is none.
    fn is_link(&self) -> bool {
        self.kinds(&["url"]) && !self.kinds(&["host"])
    }
}

pub(super) fn file(subject: &Subject<'_, '_>) -> File {
    let known: Vec<Ask> = subject.plays.iter().flat_map(|play| asks(play)).collect();
    let questions = questions(subject, &known);
    let mut page = Page::default();
    page.line(format!(
        "# {}: {}",
        subject.pick("依頼フォーム", "Request form"),
        subject.title()
    ));
    let window = match subject.candidate {
        Some(_) => window(subject.scene),
        None => whole_period(subject.scene),
    };
    page.paragraph(subject.pick(
        format!("チケットに欠けている項目を、必須の選択肢として尋ねる。割合は{window}のチケットに書かれていた割合。"),
        format!("Asks for what the tickets leave out. The share says how many tickets of {window} give it."),
    ));
    page.heading(subject.pick("項目", "Fields"));
    let has_rows = !known.is_empty();
    let mut head = heads(
        subject.scene,
        [
            ("項目", "field"),
            ("種類", "type"),
            ("必須", "required"),
            ("今の割合", "given today"),
            ("選択肢・形", "choices, shape"),
        ],
    )
    .to_vec();
    if has_rows {
        head.push(subject.pick("行の変数", "variable of the row"));
    }
    let rows: Vec<Vec<String>> = questions
        .iter()
        .map(|question| row(subject, question, has_rows))
        .collect();
    page.table(&head, &rows);
    defaults(subject, &known, &mut page);
    workflow(subject, &questions, &mut page);
    properties(subject, &questions, &mut page);
    page.into_file("request-form.md")
}

/// What the sub-patterns ask for, then what the rows need beside it.
fn questions<'s>(subject: &Subject<'s, '_>, known: &[Ask]) -> Vec<Question<'s>> {
    let taxonomy = subject.ground.taxonomy;
    let lang = subject.scene.lang();
    let needs = || subject.subs.iter().map(|sub| &sub.slots);
    let required: Vec<&str> =
        super::distinct(needs().flat_map(|needs| needs.required.iter().map(String::as_str)));
    let all = required
        .iter()
        .copied()
        .chain(needs().flat_map(|needs| needs.optional.iter().map(String::as_str)))
        .chain(known.iter().filter_map(|ask| ask.slot.as_deref()));
    // What makes grants without an end a reason to automate must not leave them without one.
    let opens = subject
        .candidate
        .is_some_and(|candidate| candidate.risks.grants_without_end > 0);
    let of_slots = super::distinct(all).into_iter().filter_map(|id| {
        let slot = taxonomy.slot(id)?;
        let asks: Vec<Ask> = known
            .iter()
            .filter(|ask| ask.slot.as_deref() == Some(id))
            .cloned()
            .collect();
        let by_rows = asks.iter().map(|ask| ask.need).min();
        let must =
            (required.contains(&id) && by_rows != Some(Need::OneOf)) || (opens && says_end(taxonomy, id));
        Some(Question {
            name: slot.name.get(lang).to_owned(),
            need: match (must, by_rows) {
                (_, Some(Need::EndOrReason)) => Need::EndOrReason,
                (true, _) => Need::Always,
                (false, by_rows) => by_rows.unwrap_or(Need::Sometimes),
            },
            share: share(subject, id),
            slot: Some(slot),
            asks,
        })
    });
    let of_rows = known.iter().filter(|ask| ask.slot.is_none());
    let of_rows = of_rows.filter_map(|ask| {
        let name = match (&ask.words, &ask.default) {
            (Some(words), _) => words.get(lang).to_owned(),
            (None, None) => ask.name.clone(),
            // Its default is told apart.
            (None, Some(_)) => return None,
        };
        Some(Question {
            name,
            slot: None,
            need: ask.need,
            share: None,
            asks: vec![ask.clone()],
        })
    });
    let fields = subject.plays.iter().flat_map(|play| &play.form);
    let of_play = fields
        .clone()
        .filter(|field| field.slot.is_none())
        .map(|field| Question {
            name: field.name.get(lang).to_owned(),
            slot: None,
            need: Need::Always,
            share: None,
            asks: Vec::new(),
        });
    let mut questions = Vec::new();
    for mut question in of_slots.chain(of_rows).chain(of_play) {
        let id = question.slot.map(|slot| slot.id.as_str());
        if let Some(field) = fields
            .clone()
            .find(|field| id.is_some() && field.slot.as_deref() == id)
        {
            field.name.get(lang).clone_into(&mut question.name);
            question.need = Need::Always;
        }
        questions.extend(kind_of(subject, &question));
        questions.push(question);
    }
    questions
}

/// The question of which kind a value is, for a row that has the kind before it: `group:` and the address.
fn kind_of<'s>(subject: &Subject<'s, '_>, question: &Question<'s>) -> Option<Question<'s>> {
    let ask = question.ask().filter(|ask| !ask.kinds.is_empty())?;
    Some(Question {
        name: subject.pick(
            format!("{}の種類", question.name),
            format!("kind of {}", question.name),
        ),
        slot: None,
        need: question.need,
        share: None,
        asks: vec![Ask {
            choices: ask.kinds.clone(),
            kinds: Vec::new(),
            slot: None,
            pattern: None,
            ..ask.clone()
        }],
    })
}

/// What nobody is asked, since the rows have a default for it.
fn defaults(subject: &Subject<'_, '_>, known: &[Ask], page: &mut Page) {
    let unasked = known
        .iter()
        .filter(|ask| ask.slot.is_none() && ask.words.is_none());
    let told: Vec<String> = unasked
        .filter_map(|ask| Some(format!("{} = {}", code(&ask.name), code(ask.default.as_ref()?))))
        .collect();
    if !told.is_empty() {
        let told = told.join(", ");
        page.paragraph(subject.pick(
            format!("尋ねない値(行に書かなければ既定値になる): {told}"),
            format!("Not asked for; a row without them has the defaults: {told}"),
        ));
    }
}

/// Share of the requests of the kinds that need a slot which fill it: of those that the figures are made of, or of all
/// where there are no figures.
fn share(subject: &Subject<'_, '_>, slot: &str) -> Option<f64> {
    let Some(candidate) = subject.candidate else {
        return share_of_all(subject, slot);
    };
    let (mut given, mut needed) = (0, 0);
    for part in &candidate.parts {
        if let Some(fill) = part.slots.iter().find(|fill| fill.slot == slot) {
            given += fill.filled;
            needed += part.tickets;
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "counts of tickets are far below 2^52")]
    let share = (needed > 0).then(|| given as f64 / needed as f64);
    share
}

fn share_of_all(subject: &Subject<'_, '_>, slot: &str) -> Option<f64> {
    let mut needed = 0_usize;
    let mut given = 0_usize;
    for (place, request) in subject.places.iter().zip(&subject.ground.requests) {
        let needs = &request.sub.slots;
        if needs
            .required
            .iter()
            .chain(&needs.optional)
            .any(|known| known == slot)
        {
            needed += 1;
            let present = &subject.scene.analysis.assignments[*place].slots_present;
            given += usize::from(present.iter().any(|known| known == slot));
        }
    }
    (needed > 0).then(|| given as f64 / needed as f64)
}

fn row(subject: &Subject<'_, '_>, question: &Question<'_>, has_rows: bool) -> Vec<String> {
    let mut row = vec![
        cell(&question.name),
        slack_type(subject, question).to_owned(),
        mark(subject, question.need).to_owned(),
        question.share.map_or_else(String::new, percent),
        shape(subject, question),
    ];
    if has_rows {
        let names: Vec<String> = question.asks.iter().map(|ask| code_cell(&ask.name)).collect();
        row.push(names.join(" "));
    }
    row
}

fn mark(subject: &Subject<'_, '_>, need: Need) -> &'static str {
    match need {
        Need::Always => subject.pick("必須", "yes"),
        Need::EndOrReason => subject.pick("期限か理由", "end or reason"),
        Need::OneOf => subject.pick("いずれか必須", "one of these"),
        Need::Sometimes => subject.pick("任意", "no"),
    }
}

/// What a value must look like, and what stands for one that is left out.
fn shape(subject: &Subject<'_, '_>, question: &Question<'_>) -> String {
    let Some(ask) = question.ask() else {
        let taxonomy = subject.ground.taxonomy;
        let ends = question.slot.is_some_and(|slot| says_end(taxonomy, &slot.id));
        // Kubernetes and Slack know no end of a grant.
        return match ends && !subject.configurations.is_empty() {
            true => subject
                .pick(
                    "YYYY-MM-DD。行は自動では終わらない。その日に行を消す PR を出す",
                    "YYYY-MM-DD; no row ends by itself: on that day a pull request deletes it",
                )
                .to_owned(),
            false => String::new(),
        };
    };
    let mut shape = options(question);
    if !ask.kinds.is_empty() {
        shape = subject
            .pick("行では種類を前に付ける", "the row has the kind before it")
            .to_owned();
    }
    if shape.is_empty() {
        shape = match (&ask.pattern, ask.is_day) {
            (_, true) => subject
                .pick(
                    "YYYY-MM-DD。なければ理由を書き、行は `none`",
                    "YYYY-MM-DD; without one a reason, and `none` in the row",
                )
                .to_owned(),
            (Some(pattern), false) => code_cell(pattern),
            (None, false) => String::new(),
        };
    }
    let stands_in = match (&ask.fallback, &ask.default) {
        (Some(input), _) => subject.pick(
            format!("空なら inputs.auto.tfvars の {}", code_cell(input)),
            format!("if left out: {} of inputs.auto.tfvars", code_cell(input)),
        ),
        (None, Some(default)) => subject.pick(
            format!("空なら {}", code_cell(default)),
            format!("if left out: {}", code_cell(default)),
        ),
        (None, None) => return shape,
    };
    match shape.is_empty() {
        true => stands_in,
        false => format!("{shape}; {stands_in}"),
    }
}

/// The only values that may be chosen.
fn options(question: &Question<'_>) -> String {
    let choices = question.ask().map_or(&[] as &[String], |ask| &ask.choices);
    let choices: Vec<String> = choices.iter().map(|choice| code_cell(choice)).collect();
    choices.join(" ")
}

fn slack_type(subject: &Subject<'_, '_>, question: &Question<'_>) -> &'static str {
    match () {
        () if question.chooses() => subject.pick("選択", "dropdown"),
        () if question.is_day() => subject.pick("日付", "date"),
        () if question.is_address() => subject.pick("メール", "email"),
        () if question.kinds(&["person"]) => subject.pick("Slack ユーザー選択", "person in Slack"),
        () if question.is_link() => subject.pick("リンク", "link"),
        () if question.slot.is_some_and(|slot| slot.id == "reason") => subject.pick("長文", "long answer"),
        () => subject.pick("短文", "short answer"),
    }
}

fn notion_type(question: &Question<'_>) -> &'static str {
    match () {
        () if question.chooses() => "Select",
        () if question.is_day() => "Date",
        () if question.is_address() => "Email",
        () if question.kinds(&["person"]) => "Person",
        () if question.is_link() => "URL",
        () => "Text",
    }
}

fn workflow(subject: &Subject<'_, '_>, questions: &[Question<'_>], page: &mut Page) {
    page.heading(subject.pick("Slack ワークフロー", "Slack workflow"));
    let fields = |need: Need, lead: (&str, &str)| {
        let names: Vec<&str> = questions
            .iter()
            .filter(|question| question.need == need)
            .map(|question| question.name.as_str())
            .collect();
        let names = names.join(subject.pick("、", ", "));
        (!names.is_empty()).then(|| format!("{}{names}", subject.pick(lead.0, lead.1)))
    };
    let fields: Vec<String> = [
        fields(Need::Always, ("必須: ", "Required: ")),
        fields(Need::EndOrReason, ("どちらか必須: ", "Either: ")),
        fields(Need::OneOf, ("いずれか 1 つ: ", "One of: ")),
        fields(Need::Sometimes, ("任意: ", "Optional: ")),
    ]
    .into_iter()
    .flatten()
    .collect();
    let fields = fields.join(subject.pick("。", ". "));
    let approval = subject.approvers();
    let mut steps = vec![
        subject
            .pick(
                "ワークフロービルダーで新規作成し、開始を「リンクから」にして依頼チャンネルに固定する",
                "Workflow Builder, new workflow, start from a link; pin the link in the request channel",
            )
            .to_owned(),
        subject.pick(
            format!("「フォームで情報を収集する」に上の項目を足す。{fields}"),
            format!("\"Collect info in a form\" with the fields above. {fields}"),
        ),
        subject
            .pick(
                "Notion の「データベースに項目を追加」で、下のプロパティに回答を入れる",
                "Notion, \"Add a database item\": put the answers into the properties below",
            )
            .to_owned(),
    ];
    if !approval.is_empty() {
        steps.push(subject.pick(
            format!("承認者 ({approval}) にボタンつきのメッセージを送り、押した人と時刻を項目に残す"),
            format!(
                "Send a message with a button to the approver ({approval}); keep who pressed it and when"
            ),
        ));
    }
    if !subject.configurations.is_empty() {
        steps.push(subject.pick(
            "回答の最後に、自分で PR を出せる一覧ファイル (entries.auto.tfvars) へのリンクを示す",
            "End with a link to the list (entries.auto.tfvars), so that requesters can open the pull request themselves",
        ).to_owned());
    }
    steps.push(
        subject
            .pick(
                "依頼チャンネルに、チケットのリンクを返信する",
                "Reply in the channel with the link of the ticket",
            )
            .to_owned(),
    );
    page.list("1.", &steps);
    page.paragraph(subject.pick(
        "パスワード・鍵・トークンの値は尋ねない。チケットに残るためである。",
        "Never ask for the value of a password, key or token: it would stay in the ticket.",
    ));
}

fn properties(subject: &Subject<'_, '_>, questions: &[Question<'_>], page: &mut Page) {
    page.heading(subject.pick("Notion のプロパティ", "Notion properties"));
    let head = [
        subject.pick("名前", "name"),
        subject.pick("種類", "type"),
        subject.pick("選択肢", "options"),
    ];
    let rows: Vec<Vec<String>> = questions
        .iter()
        .map(|question| {
            vec![
                cell(&question.name),
                notion_type(question).to_owned(),
                options(question),
            ]
        })
        .collect();
    page.table(&head, &rows);
    page.paragraph(subject.pick(
        "名前を上と同じにすると、toilscope は次の pull から項目として読む。",
        "With these names toilscope reads them as fields from the next pull on.",
    ));
}
