//! The request form that asks for what an automation needs: fields, the Slack workflow as text, Notion properties.

use crate::automation::draft::{Ask, File, asks};
use crate::taxonomy::Slot;

use super::Subject;
use super::words::{Page, cell, code_cell, heads, percent};
use crate::compose::words::{says_end, whole_period, window};

/// A field of the form.
struct Question<'s> {
    slot: &'s Slot,
    required: bool,
    /// Share of the requests that say it today; `None` without a request.
    share: Option<f64>,
    /// What a value must look like, where the skeleton knows.
    ask: Option<Ask>,
}

pub(super) fn file(subject: &Subject<'_, '_>) -> File {
    let questions = questions(subject);
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
    let head = heads(
        subject.scene,
        [
            ("項目", "field"),
            ("種類", "type"),
            ("必須", "required"),
            ("今の割合", "given today"),
            ("選択肢・形", "choices, shape"),
        ],
    );
    let rows: Vec<Vec<String>> = questions.iter().map(|question| row(subject, question)).collect();
    page.table(&head, &rows);
    workflow(subject, &questions, &mut page);
    properties(subject, &questions, &mut page);
    page.into_file("request-form.md")
}

fn questions<'s>(subject: &Subject<'s, '_>) -> Vec<Question<'s>> {
    let taxonomy = subject.ground.taxonomy;
    let needs = || subject.subs.iter().map(|sub| &sub.slots);
    let required: Vec<&str> =
        super::distinct(needs().flat_map(|needs| needs.required.iter().map(String::as_str)));
    let all = required
        .iter()
        .copied()
        .chain(needs().flat_map(|needs| needs.optional.iter().map(String::as_str)));
    let known: Vec<Ask> = subject.plays.iter().flat_map(|play| asks(play)).collect();
    let ask_of = |id: &str| known.iter().find(|ask| ask.slot == id).cloned();
    // What makes grants without an end a reason to automate must not leave them without one.
    let opens = subject
        .candidate
        .is_some_and(|candidate| candidate.risks.grants_without_end > 0);
    super::distinct(all)
        .into_iter()
        .filter_map(|id| {
            Some(Question {
                slot: taxonomy.slot(id)?,
                required: required.contains(&id) || (opens && says_end(taxonomy, id)),
                share: share(subject, id),
                ask: ask_of(id),
            })
        })
        .collect()
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

fn row(subject: &Subject<'_, '_>, question: &Question<'_>) -> Vec<String> {
    let lang = subject.scene.lang();
    vec![
        cell(question.slot.name.get(lang)),
        slack_type(subject, question).to_owned(),
        mark(subject, question.required).to_owned(),
        question.share.map_or_else(String::new, percent),
        shape(question),
    ]
}

fn mark(subject: &Subject<'_, '_>, required: bool) -> &'static str {
    if required {
        subject.pick("必須", "yes")
    } else {
        subject.pick("任意", "no")
    }
}

fn shape(question: &Question<'_>) -> String {
    let Some(ask) = &question.ask else {
        return String::new();
    };
    if !ask.choices.is_empty() {
        return ask
            .choices
            .iter()
            .map(|choice| code_cell(choice))
            .collect::<Vec<_>>()
            .join(" ");
    }
    if ask.is_day {
        return "YYYY-MM-DD".to_owned();
    }
    ask.pattern.as_deref().map_or_else(String::new, code_cell)
}

fn kinds(slot: &Slot, wanted: &[&str]) -> bool {
    slot.entities.iter().any(|kind| wanted.contains(&kind.as_str()))
}

/// Whether nothing but a link will do; a host name is also read from a link, but is none.
fn is_link(slot: &Slot) -> bool {
    kinds(slot, &["url"]) && !kinds(slot, &["host"])
}

fn chooses(question: &Question<'_>) -> bool {
    question.ask.as_ref().is_some_and(|ask| !ask.choices.is_empty()) || kinds(question.slot, &["environment"])
}

fn slack_type(subject: &Subject<'_, '_>, question: &Question<'_>) -> &'static str {
    let slot = question.slot;
    match () {
        () if chooses(question) => subject.pick("選択", "dropdown"),
        () if kinds(slot, &["date", "duration"]) => subject.pick("日付", "date"),
        () if kinds(slot, &["mail"]) && !kinds(slot, &["person"]) => subject.pick("メール", "email"),
        () if kinds(slot, &["person"]) => subject.pick("Slack ユーザー選択", "person in Slack"),
        () if is_link(slot) => subject.pick("リンク", "link"),
        () if slot.id == "reason" => subject.pick("長文", "long answer"),
        () => subject.pick("短文", "short answer"),
    }
}

fn notion_type(question: &Question<'_>) -> &'static str {
    let slot = question.slot;
    match () {
        () if chooses(question) => "Select",
        () if kinds(slot, &["date", "duration"]) => "Date",
        () if kinds(slot, &["mail"]) && !kinds(slot, &["person"]) => "Email",
        () if kinds(slot, &["person"]) => "Person",
        () if is_link(slot) => "URL",
        () => "Text",
    }
}

fn workflow(subject: &Subject<'_, '_>, questions: &[Question<'_>], page: &mut Page) {
    let lang = subject.scene.lang();
    page.heading(subject.pick("Slack ワークフロー", "Slack workflow"));
    let fields = |required: bool| {
        let names: Vec<&str> = questions
            .iter()
            .filter(|q| q.required == required)
            .map(|q| q.slot.name.get(lang))
            .collect();
        names.join(subject.pick("、", ", "))
    };
    let (must, may) = (fields(true), fields(false));
    let approval = subject.approvers();
    let mut steps = vec![
        subject
            .pick(
                "ワークフロービルダーで新規作成し、開始を「リンクから」にして依頼チャンネルに固定する",
                "Workflow Builder, new workflow, start from a link; pin the link in the request channel",
            )
            .to_owned(),
        subject.pick(
            format!("「フォームで情報を収集する」に上の項目を足す。必須: {must}。任意: {may}"),
            format!("\"Collect info in a form\" with the fields above. Required: {must}. Optional: {may}"),
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
    let lang = subject.scene.lang();
    page.heading(subject.pick("Notion のプロパティ", "Notion properties"));
    let head = [
        subject.pick("名前", "name"),
        subject.pick("種類", "type"),
        subject.pick("選択肢", "options"),
    ];
    let rows: Vec<Vec<String>> = questions
        .iter()
        .map(|question| {
            let options = if chooses(question) {
                shape(question)
            } else {
                String::new()
            };
            vec![
                cell(question.slot.name.get(lang)),
                notion_type(question).to_owned(),
                options,
            ]
        })
        .collect();
    page.table(&head, &rows);
    page.paragraph(subject.pick(
        "名前を上と同じにすると、toilscope は次の pull から項目として読む。",
        "With these names toilscope reads them as fields from the next pull on.",
    ));
}
