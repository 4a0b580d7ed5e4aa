//! The files of a skeleton: providers, the resources, and the data files. The variables with their checks are made in
//! `variables`.

use std::collections::BTreeSet;

use crate::taxonomy::{Authority, Constant, Fill, FillValue, Given, Lang, Play, Resource};

use super::entries::{Entries, Entry, PLACEHOLDER};
use super::hcl::{Body, list, quoted, template};
use super::shape::{DAY, until_midnight};
use super::skeleton::{ENTRY, SYSTEM, Skeleton, gate, is_mandatory, unfilled, unfilled_input};
use super::{File, Ground, variables};

/// Terraform from which on everything here is known: `strcontains` came with 1.5.
const TERRAFORM: &str = ">= 1.5.0";

pub(super) fn files(skeleton: &Skeleton<'_>, entries: &Entries, ground: &Ground<'_>) -> Vec<File> {
    let mut files = vec![
        file("versions.tf", &versions(skeleton, ground)),
        file("variables.tf", &variables::all(skeleton, ground)),
        file("main.tf", &main(skeleton, ground)),
    ];
    if !skeleton.fields.is_empty() {
        files.push(file("entries.auto.tfvars", &data(skeleton, entries, ground)));
    }
    if !skeleton.inputs.is_empty() {
        files.push(file("inputs.auto.tfvars", &inputs(skeleton, ground)));
    }
    files
}

fn file(path: &str, body: &Body) -> File {
    File {
        path: path.to_owned(),
        text: body.render(),
    }
}

fn versions(skeleton: &Skeleton<'_>, ground: &Ground<'_>) -> Body {
    let providers: BTreeSet<&str> = skeleton.play.drafted().map(Resource::provider).collect();
    let mut body = Body::default();
    let mut pins = Body::default();
    for id in providers {
        let known = ground.taxonomy.provider(id);
        let source = known.map_or_else(|| format!("{PLACEHOLDER}/{id}"), |known| known.source.clone());
        let version = known.map_or(">= 0", |known| &known.version);
        let pin = format!(
            "{{\n  source  = {}\n  version = {}\n}}",
            quoted(&source),
            quoted(version)
        );
        pins.argument(id, pin);
        if let Some(note) = known.and_then(|known| known.note.as_ref()) {
            body.comment(&format!("{id}: {}", note.get(ground.lang)));
        }
    }
    body.comment(ground.pick(
        "state は共有の場所に置く。backend ブロックをここに足す",
        "keep the state in a shared place: add a backend block here",
    ));
    let mut terraform = Body::default();
    terraform
        .argument("required_version", quoted(TERRAFORM))
        .block("required_providers", pins);
    body.block("terraform", terraform);
    body
}

fn main(skeleton: &Skeleton<'_>, ground: &Ground<'_>) -> Body {
    let play = skeleton.play;
    let mut body = Body::default();
    body.comment(play.title.get(ground.lang))
        .comment(&reach(play, ground));
    let dangers: BTreeSet<&str> = play
        .drafted()
        .flat_map(|resource| &resource.never_with)
        .map(String::as_str)
        .collect();
    if !dangers.is_empty() {
        let dangers: Vec<&str> = dangers.into_iter().collect();
        let never = ground.pick(
            "同じ対象を管理してはならない: ",
            "Never manage the same objects with: ",
        );
        body.comment(&format!("{never}{}", dangers.join(", ")));
    }
    let mut locals = Body::default();
    for resource in play
        .drafted()
        .filter(|resource| !skeleton.key(resource).is_empty())
    {
        if !locals.is_empty() {
            locals.blank();
        }
        locals.argument(&local(resource), grouping(skeleton, resource));
    }
    if !locals.is_empty() {
        let mut with_note = Body::default();
        with_note.comment(ground.pick(
            "同じ対象の行は 1 つにまとめる。同じ行が 2 度あっても誤りにしない",
            "rows of one object are taken together: a row written twice is no fault",
        ));
        with_note.append(locals);
        body.blank().block("locals", with_note);
    }
    let until_midnight = until_midnight(&ground.zone);
    for resource in play.drafted() {
        body.blank();
        if let Some(note) = &resource.note {
            body.comment(note.get(ground.lang));
        }
        let kind = if resource.data { "data" } else { "resource" };
        let head = format!("{kind} {} {}", quoted(&resource.name), quoted(&resource.label));
        let writer = Writer {
            skeleton,
            resource,
            until_midnight: &until_midnight,
        };
        body.block(head, writer.body());
    }
    body
}

/// What applying the skeleton does to what it does not list: only grants that add to others leave all else alone.
fn reach(play: &Play, ground: &Ground<'_>) -> String {
    let whole: BTreeSet<&str> = play
        .drafted()
        .filter(|resource| !resource.data && resource.authority != Authority::Additive)
        .map(|resource| resource.name.as_str())
        .collect();
    if whole.is_empty() {
        let additive = ground.pick(
            "toilscope draft が施策から作った雛形。追加型のリソースだけを使い、ほかの付与には触れない",
            "A skeleton by toilscope draft. Its grants are additive: what stands elsewhere is left alone",
        );
        let is_noted = play.drafted().any(|resource| resource.note.is_some());
        let but = ground.pick("。例外は各リソースの注記", ", but for what the notes on them say");
        return format!("{additive}{}", if is_noted { but } else { "" });
    }
    let whole: Vec<&str> = whole.into_iter().collect();
    let whole = whole.join(", ");
    match ground.lang {
        Lang::Ja => format!(
            "toilscope draft が施策から作った雛形。次のリソースは対象を丸ごと持ち、ここにない設定やメンバーを上書きする。先に取り込む: {whole}"
        ),
        Lang::En => format!(
            "A skeleton by toilscope draft. These hold a whole object and overwrite what is not written here, so import first: {whole}"
        ),
    }
}

/// Whether a list is all that an object holds, so that whoever is not in it goes.
fn holds_whole_list(skeleton: &Skeleton<'_>) -> bool {
    let objects = skeleton
        .play
        .drafted()
        .filter(|resource| !resource.data && resource.authority != Authority::Additive);
    objects.flat_map(Resource::entries).any(|(_, given)| given.list)
}

/// Name of the local value that a resource is made of.
fn local(resource: &Resource) -> String {
    match resource.label.as_str() {
        "this" => resource.name.clone(),
        label => format!("{}_{label}", resource.name),
    }
}

fn grouping(skeleton: &Skeleton<'_>, resource: &Resource) -> String {
    let filter = selected(resource);
    let key = key_of(skeleton, resource, "entry");
    format!("{{\n  for entry in values(var.entries) : {key} => entry...{filter}\n}}")
}

/// The end of a `for` that leaves the entries of a resource; nothing where it is made of all.
pub(super) fn selected(resource: &Resource) -> String {
    let mut filters = Vec::new();
    filters.extend(resource.when.as_ref().map(|when| format!("entry.{when} != null")));
    filters.extend(
        resource
            .system
            .as_ref()
            .map(|system| format!("entry.{SYSTEM} == {}", quoted(system))),
    );
    match filters.is_empty() {
        true => String::new(),
        false => format!(" if {}", filters.join(" && ")),
    }
}

/// The expression that makes the key of a resource from an entry.
fn key_of(skeleton: &Skeleton<'_>, resource: &Resource, entry: &str) -> String {
    key_with(skeleton, resource, entry, |fallback| format!("var.{fallback}"))
}

/// The key for the check of a variable, which may speak of no other variable before Terraform 1.9.
pub(super) fn own_key_of(skeleton: &Skeleton<'_>, resource: &Resource, entry: &str) -> String {
    key_with(skeleton, resource, entry, |_| "\"-\"".to_owned())
}

fn key_with(
    skeleton: &Skeleton<'_>,
    resource: &Resource,
    entry: &str,
    given_once: impl Fn(&str) -> String,
) -> String {
    let part = |name: &str| {
        if let Some(fallback) = skeleton.fallback(name) {
            return format!("coalesce({entry}.{name}, {})", given_once(fallback));
        }
        let always = skeleton
            .field(name)
            .is_some_and(|field| field.mandatory || field.shape.default.is_some());
        let chosen = resource.when.as_deref() == Some(name);
        match always || chosen {
            true => format!("{entry}.{name}"),
            false => format!("coalesce({entry}.{name}, \"-\")"),
        }
    };
    let key = skeleton.key(resource);
    match key[..] {
        [one] => part(one),
        _ => {
            let parts: Vec<String> = key.into_iter().map(part).collect();
            format!("join(\"/\", [{}])", parts.join(", "))
        }
    }
}

/// Writes one resource.
struct Writer<'a, 't> {
    skeleton: &'a Skeleton<'t>,
    resource: &'t Resource,
    /// From the end of a day in UTC.
    until_midnight: &'a str,
}

impl Writer<'_, '_> {
    fn body(&self) -> Body {
        let mut body = Body::default();
        if !self.skeleton.key(self.resource).is_empty() {
            body.argument("for_each", format!("local.{}", local(self.resource)))
                .blank();
        }
        let fills: Vec<(&str, &Fill)> = self
            .resource
            .fill
            .iter()
            .map(|fill| (fill.path.as_str(), fill))
            .collect();
        self.fill(&mut body, &fills);
        for argument in unfilled(self.resource) {
            body.argument(
                argument,
                format!("var.{}", unfilled_input(self.resource, argument)),
            );
        }
        body
    }

    /// Writes arguments first, then blocks, each in the order of the taxonomy.
    fn fill(&self, body: &mut Body, fills: &[(&str, &Fill)]) {
        let mut blocks: Vec<(&str, Vec<(&str, &Fill)>)> = Vec::new();
        for (path, fill) in fills {
            match path.split_once('.') {
                None if fill.value == FillValue::EmptyBlock => blocks.push((path, Vec::new())),
                None => {
                    body.argument(path, self.expression(fill));
                }
                Some((head, rest)) => match blocks.iter_mut().find(|(name, _)| *name == head) {
                    Some((_, inner)) => inner.push((rest, fill)),
                    None => blocks.push((head, vec![(rest, fill)])),
                },
            }
        }
        for (name, inner) in blocks {
            let mut content = Body::default();
            self.fill(&mut content, &inner);
            match self.gate(&inner) {
                None => body.block(name, content),
                Some(value) => {
                    let mut dynamic = Body::default();
                    dynamic
                        .argument("for_each", format!("{value} == null ? [] : [{value}]"))
                        .block("content", content);
                    body.block(format!("dynamic {}", quoted(name)), dynamic)
                }
            };
        }
    }

    /// The optional value without which the block of these fills must not stand there.
    fn gate(&self, inner: &[(&str, &Fill)]) -> Option<String> {
        let (path, fill) = inner.first()?;
        let block = fill.path.strip_suffix(path)?.trim_end_matches('.');
        let given = gate(self.resource, block)?;
        Some(format!("{ENTRY}.{}", given.name))
    }

    fn expression(&self, fill: &Fill) -> String {
        match &fill.value {
            FillValue::Constant(constant) => literal(constant),
            FillValue::EmptyBlock => "{}".to_owned(),
            FillValue::Hcl(expression) => expression.clone(),
            FillValue::Of { resource, attribute } => self.reference(resource, attribute),
            FillValue::Input(given) => input(given),
            FillValue::Entry(given) => self.entry(fill, given),
        }
    }

    fn entry(&self, fill: &Fill, given: &Given) -> String {
        let name = &given.name;
        if given.list {
            let value = given.template.as_ref().map_or_else(
                || format!("entry.{name}"),
                |around| template(around, &format!("entry.{name}")),
            );
            return format!("distinct([for entry in each.value : {value} if entry.{name} != null])");
        }
        let value = self.stood_for(name);
        let Some(around) = &given.template else {
            return value;
        };
        let surrounded = template(around, &value);
        let in_block = fill.path.contains('.');
        if in_block || is_mandatory(self.resource, fill, given) || given.shape.default.is_some() {
            return surrounded;
        }
        format!("{value} == null ? null : {surrounded}")
    }

    /// The value of an entry, with what stands for one that it leaves out; of a day the instant at which it ends.
    fn stood_for(&self, name: &str) -> String {
        let value = format!("{ENTRY}.{name}");
        if let Some(fallback) = self.skeleton.fallback(name) {
            return format!("coalesce({value}, var.{fallback})");
        }
        let is_day = self.skeleton.field(name).is_some_and(|field| field.shape.day_end);
        match is_day {
            true => format!(
                "length({value}) == {} ? timeadd(\"${{{value}}}T23:59:59Z\", \"{}\") : {value}",
                DAY.len(),
                self.until_midnight
            ),
            false => value,
        }
    }

    fn reference(&self, name: &str, attribute: &str) -> String {
        let Some(other) = self.skeleton.resource(name) else {
            return quoted(PLACEHOLDER);
        };
        let data = if other.data { "data." } else { "" };
        let index = match self.skeleton.key(other).is_empty() {
            true => String::new(),
            false => format!("[{}]", key_of(self.skeleton, other, ENTRY)),
        };
        format!("{data}{name}.{}{index}.{attribute}", other.label)
    }
}

fn input(given: &Given) -> String {
    let value = format!("var.{}", given.name);
    match &given.template {
        Some(around) => template(around, &value),
        None => value,
    }
}

fn literal(constant: &Constant) -> String {
    match constant {
        Constant::Text(text) => quoted(text),
        Constant::Number(number) => number.clone(),
        Constant::Flag(flag) => flag.to_string(),
        Constant::List(texts) => list(texts),
    }
}

fn data(skeleton: &Skeleton<'_>, entries: &Entries, ground: &Ground<'_>) -> Body {
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
    for (name, value) in &entry.values {
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

fn inputs(skeleton: &Skeleton<'_>, ground: &Ground<'_>) -> Body {
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
