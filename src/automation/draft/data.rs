//! The data files of a skeleton: the rows as the tickets give them, and what is given once.

use crate::taxonomy::{Authority, Resource};

use super::Ground;
use super::ends::is_endless;
use super::entries::{Entries, Entry, PLACEHOLDER};
use super::hcl::{Body, list, quoted};
use super::skeleton::Skeleton;

/// Whether a list is all that an object holds, so that whoever is not in it goes.
fn holds_whole_list(skeleton: &Skeleton<'_>) -> bool {
    let objects = skeleton
        .play
        .drafted()
        .filter(|resource| !resource.data && resource.authority != Authority::Additive);
    objects.flat_map(Resource::entries).any(|(_, given)| given.list)
}

/// The rows, below what made none.
pub(super) fn entries(skeleton: &Skeleton<'_>, entries: &Entries, ground: &Ground<'_>) -> Body {
    let mut body = Body::default();
    body.comment(ground.pick(
        "チケットから読み取った行。REPLACE_ME を値に置き換えるまで plan は通らない",
        "Rows as the tickets give them. Until every REPLACE_ME is replaced by a value, the plan is refused",
    ));
    if !ground.raw {
        body.comment(ground.pick(
            "人とアドレスは伏せてある (p-01 は同じ人)。--raw で値が入る",
            "People and addresses are hidden (p-01 is always the same one); --raw writes them",
        ));
    }
    if holds_whole_list(skeleton) {
        body.comment(ground.pick(
            "一覧の値は全部で 1 つ。今あるものを先に写す。書かれていないものは apply で外れる",
            "Lists are whole: copy what is in them today first, for an apply takes out what is not written here",
        ));
    }
    if !entries.removals.is_empty() {
        let lead = ground.pick(
            "外す依頼、または外して足す依頼なので行にしていない。人が見る: ",
            "No row, since they ask to remove, or to remove and add; for a person to look at: ",
        );
        body.comment(&format!("{lead}{}", entries.removals.join(", ")));
    }
    if !entries.silent.is_empty() {
        let lead = ground.pick(
            "値が書かれていないので行にしていない: ",
            "No row, since they give no value: ",
        );
        body.comment(&format!("{lead}{}", entries.silent.join(", ")));
    }
    if !entries.others.is_empty() {
        let lead = ground.pick(
            "この雛形が書くもの以外の依頼なので行にしていない: ",
            "No row, since they ask for something else than this sets: ",
        );
        body.comment(&format!("{lead}{}", entries.others.join(", ")));
    }
    let rows: Vec<String> = entries
        .rows
        .iter()
        .map(|entry| row(skeleton, entry, ground))
        .collect();
    let map = match rows.is_empty() {
        true => "{}".to_owned(),
        false => format!("{{\n{}}}", rows.join("\n")),
    };
    body.blank().argument("entries", map);
    body
}

fn row(skeleton: &Skeleton<'_>, entry: &Entry, ground: &Ground<'_>) -> String {
    let mut body = Body::default();
    let state = match entry.done {
        true => ground.pick("対応済み", "done"),
        false => ground.pick("未対応", "open"),
    };
    body.comment(&format!("{} ({state})", entry.tickets.join(", ")));
    for (name, remark) in &entry.remarks {
        body.comment(&format!("{name}: {remark}"));
    }
    for note in &entry.notes {
        body.comment(note);
    }
    let mut values = Body::default();
    let is_endless = |name: &str| is_endless(skeleton, entry, name);
    let (endless, others): (Vec<_>, Vec<_>) = entry.values.iter().partition(|(name, _)| is_endless(name));
    for (name, value) in others {
        values.argument(name, quoted(value));
    }
    if !endless.is_empty() {
        values.comment(ground.pick(
            "期限の記載がない。要るなら日付に、要らないなら理由を書き直す",
            "no end is named: write the day, or the reason why there is none",
        ));
    }
    for (name, value) in endless {
        values.argument(name, quoted(value));
    }
    let mut assumed = skeleton.assumed(entry).peekable();
    if assumed.peek().is_some() {
        values.comment(ground.pick(
            "ここから下はチケットにない既定値。合っているか確かめる",
            "defaults from here on, which the ticket does not say: see whether they are right",
        ));
    }
    for (name, value) in assumed {
        values.argument(name, quoted(value));
    }
    body.argument(
        &quoted(&entry.key),
        format!("{{\n{}}}", indented(&values.render())),
    );
    indented(&body.render())
}

fn indented(text: &str) -> String {
    text.lines()
        .map(|line| {
            if line.is_empty() {
                "\n".to_owned()
            } else {
                format!("  {line}\n")
            }
        })
        .collect()
}

/// What is given once, to be written.
pub(super) fn inputs(skeleton: &Skeleton<'_>, ground: &Ground<'_>) -> Body {
    let mut body = Body::default();
    body.comment(ground.pick(
        "全体で 1 つの値。形は variables.tf が確かめる",
        "Given once; variables.tf checks what they look like",
    ));
    for input in &skeleton.inputs {
        let value = if input.list {
            list(&[PLACEHOLDER.to_owned()])
        } else {
            quoted(PLACEHOLDER)
        };
        body.argument(&input.name, value);
    }
    body
}
