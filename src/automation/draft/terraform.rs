//! The files of a skeleton: providers and resources. The variables with their checks are made in `variables`, the data
//! files in `data`.

use std::collections::BTreeSet;

use crate::taxonomy::{Authority, Constant, Fill, FillValue, Given, Lang, Play, Resource};

use super::ends::{given_end, has_no_end, instant, stands};
use super::entries::{Entries, PLACEHOLDER};
use super::hcl::{Body, list, quoted, template};
use super::shape::until_midnight;
use super::skeleton::{ENTRY, SYSTEM, Skeleton, gate, is_mandatory, unfilled, unfilled_input};
use super::{File, Ground, data, variables};

/// Terraform from which on everything here is known: `strcontains` came with 1.5.
const TERRAFORM: &str = ">= 1.5.0";

pub(super) fn files(skeleton: &Skeleton<'_>, entries: &Entries, ground: &Ground<'_>) -> Vec<File> {
    let mut files = vec![
        file("versions.tf", &versions(skeleton, ground)),
        file("variables.tf", &variables::all(skeleton, ground)),
        file("main.tf", &main(skeleton, ground)),
    ];
    if !skeleton.fields.is_empty() {
        files.push(file(
            "entries.auto.tfvars",
            &data::entries(skeleton, entries, ground),
        ));
    }
    if !skeleton.inputs.is_empty() {
        files.push(file("inputs.auto.tfvars", &data::inputs(skeleton, ground)));
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
    let until_midnight = until_midnight(&ground.zone);
    let mut locals = Body::default();
    for resource in play
        .drafted()
        .filter(|resource| !skeleton.key(resource).is_empty())
    {
        if !locals.is_empty() {
            locals.blank();
        }
        locals.argument(&local(resource), grouping(skeleton, resource, &until_midnight));
    }
    if !locals.is_empty() {
        let mut with_note = Body::default();
        with_note.comment(ground.pick(
            "同じ対象の行は 1 つにまとめる。同じ行が 2 度あっても誤りにしない",
            "rows of one object are taken together: a row written twice is no fault",
        ));
        if play.drafted().any(|resource| resource.ends.is_some()) {
            with_note.comment(ground.pick(
                "until を過ぎた行は何も作らない。次の plan に削除として出て、apply で外れる。時計だけでは外れない",
                "rows past their `until` make nothing: the next plan shows them as destroyed, an apply takes them away; the clock alone does not",
            ));
        }
        with_note.append(locals);
        body.blank().block("locals", with_note);
    }
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
            differ: variables::differ(ground),
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

/// Name of the local value that a resource is made of.
fn local(resource: &Resource) -> String {
    match resource.label.as_str() {
        "this" => resource.name.clone(),
        label => format!("{}_{label}", resource.name),
    }
}

fn grouping(skeleton: &Skeleton<'_>, resource: &Resource, until_midnight: &str) -> String {
    let mut filter = selected(resource);
    if let Some(ends) = &resource.ends {
        let stands = stands(skeleton, &ends.path, until_midnight);
        filter = match filter.is_empty() {
            true => format!(" if {stands}"),
            false => format!("{filter} && ({stands})"),
        };
    }
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
    /// What is said where rows of one object differ.
    differ: &'a str,
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
        if let Some(agreement) = self.agreement() {
            body.block("lifecycle", agreement);
        }
        body
    }

    /// That the rows of an object agree, where part of its key may be given once: only here are they told apart as the
    /// object is, for the check of a variable knows no other variable.
    fn agreement(&self) -> Option<Body> {
        let key = self.skeleton.key(self.resource);
        let attributes = self.skeleton.attributes(self.resource);
        if self.resource.data
            || attributes.is_empty()
            || !key.iter().any(|name| self.skeleton.fallback(name).is_some())
        {
            return None;
        }
        let values: Vec<String> = attributes.iter().map(|name| format!("entry.{name}")).collect();
        let mut precondition = Body::default();
        precondition
            .argument(
                "condition",
                format!(
                    "length(distinct([for entry in each.value : jsonencode([{}])])) == 1",
                    values.join(", ")
                ),
            )
            .argument(
                "error_message",
                quoted(&format!("{}: {}", self.differ, attributes.join(", "))),
            );
        let mut lifecycle = Body::default();
        lifecycle.block("precondition", precondition);
        Some(lifecycle)
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
                    dynamic.argument("for_each", value).block("content", content);
                    body.block(format!("dynamic {}", quoted(name)), dynamic)
                }
            };
        }
    }

    /// One for the block of these fills, none where the optional value is missing without which it must not stand there.
    fn gate(&self, inner: &[(&str, &Fill)]) -> Option<String> {
        let (path, fill) = inner.first()?;
        let block = fill.path.strip_suffix(path)?.trim_end_matches('.');
        let given = gate(self.resource, block)?;
        let value = format!("{ENTRY}.{}", given.name);
        let is_left_out = match given_end(self.skeleton, &given.name) {
            true => has_no_end(self.skeleton, &given.name, ENTRY),
            false => format!("{value} == null"),
        };
        Some(format!("{is_left_out} ? [] : [{value}]"))
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
        if given_end(self.skeleton, name) && !fill.path.contains('.') {
            let value = given
                .template
                .as_ref()
                .map_or_else(|| value.clone(), |around| template(around, &value));
            return format!("{} ? null : {value}", has_no_end(self.skeleton, name, ENTRY));
        }
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
        match given_end(self.skeleton, name) {
            true => instant(&value, self.until_midnight),
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
