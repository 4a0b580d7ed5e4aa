//! The variables of a skeleton and what they refuse: placeholders, values of another shape, what is too strong for a
//! list, and rows of one object that do not agree.

use std::collections::BTreeSet;

use crate::taxonomy::Resource;

use super::Ground;
use super::ends::{NO_END, reason_of};
use super::entries::PLACEHOLDER;
use super::hcl::{Body, list, quoted};
use super::shape::DAY_PATTERN;
use super::skeleton::{Field, SYSTEM, Skeleton};
use super::terraform::{own_key_of, selected};

/// Writes all variables: the entries, then what is given once.
pub(super) fn all(skeleton: &Skeleton<'_>, ground: &Ground<'_>) -> Body {
    let mut body = Body::default();
    if !skeleton.fields.is_empty() {
        body.block("variable \"entries\"", entries_variable(skeleton, ground));
    }
    for input in &skeleton.inputs {
        let mut variable = Body::default();
        variable
            .argument(
                "description",
                quoted(ground.pick(
                    "全体で 1 つの値。inputs.auto.tfvars に書く",
                    "given once, in inputs.auto.tfvars",
                )),
            )
            .argument("type", if input.list { "list(string)" } else { "string" })
            .block("validation", input_check(input, ground));
        body.block(format!("variable {}", quoted(&input.name)), variable);
    }
    body
}

fn entries_variable(skeleton: &Skeleton<'_>, ground: &Ground<'_>) -> Body {
    let mut variable = Body::default();
    variable
        .argument(
            "description",
            quoted(ground.pick(
                "1 行が 1 件の依頼。entries.auto.tfvars に書く",
                "one row a request, in entries.auto.tfvars",
            )),
        )
        .argument("type", entries_type(skeleton));
    let refusal = ground.pick("REPLACE_ME が残っている", "a REPLACE_ME is left to be replaced");
    let no_placeholder = format!("!strcontains(jsonencode(var.entries), {})", quoted(PLACEHOLDER));
    variable.block("validation", check(&no_placeholder, refusal));
    if !skeleton.systems.is_empty() {
        let systems: Vec<String> = skeleton.systems.iter().map(|id| (*id).to_owned()).collect();
        let known = format!("contains({}, entry.{SYSTEM})", list(&systems));
        let refusal = format!("{SYSTEM}: {}", systems.join(", "));
        variable.block("validation", check(&every(&known), &refusal));
    }
    if let Some(selected) = selection(skeleton) {
        let refusal = ground.pick(
            "どのリソースにもならない行がある",
            "a row makes no resource at all",
        );
        variable.block("validation", check(&every(&selected), refusal));
    }
    for field in &skeleton.fields {
        for body in field_checks(field, ground) {
            variable.block("validation", body);
        }
    }
    let agreements: BTreeSet<(String, String)> = skeleton
        .play
        .drafted()
        .filter_map(|resource| agreement(skeleton, resource, ground))
        .collect();
    for (condition, refusal) in agreements {
        let mut body = Body::default();
        body.argument("condition", condition)
            .argument("error_message", refusal);
        variable.block("validation", body);
    }
    variable
}

/// The type of the rows: what each must have, may have, and what stands in.
fn entries_type(skeleton: &Skeleton<'_>) -> String {
    let mut types = Vec::new();
    if !skeleton.systems.is_empty() {
        types.push((SYSTEM, "string".to_owned()));
    }
    for field in &skeleton.fields {
        let kind = match (&field.shape.default, field.mandatory) {
            (Some(default), _) => format!("optional(string, {})", quoted(default)),
            (None, true) => "string".to_owned(),
            (None, false) => "optional(string)".to_owned(),
        };
        types.push((&field.name, kind));
    }
    let width = types.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let lines: Vec<String> = types
        .iter()
        .map(|(name, kind)| format!("  {name:width$} = {kind}"))
        .collect();
    format!("map(object({{\n{}\n}}))", lines.join("\n"))
}

/// What a value of the rows must look like and must not hold.
fn field_checks(field: &Field, ground: &Ground<'_>) -> Vec<Body> {
    let name = &field.name;
    let mut checks = Vec::new();
    if let Some(holds) = shape_check(field, &format!("entry.{name}")) {
        let condition =
            format!("alltrue([for entry in values(var.entries) : {holds} if entry.{name} != null])");
        checks.push(check(&condition, &looks_like(field)));
    }
    if field.shape.day_end {
        let reason = reason_of(name);
        let condition = format!(
            "alltrue([for entry in values(var.entries) : try(length(entry.{reason}) > 0, false) if try(entry.{name} == {}, false)])",
            quoted(NO_END)
        );
        let refusal = ground.pick("none には理由を書く", "say why there is no end where it is none");
        checks.push(check(&condition, &format!("{reason}: {refusal}")));
    }
    if let Some(reject) = &field.shape.reject {
        let condition = format!(
            "alltrue([for entry in values(var.entries) : !can(regex({}, entry.{name})) if entry.{name} != null])",
            quoted(reject)
        );
        let refusal = ground.pick(
            "強い権限は一覧に書かず、別に承認する",
            "strong roles are approved apart, not listed",
        );
        checks.push(check(&condition, &format!("{name}: {refusal}")));
    }
    checks
}

/// That all rows of one object agree, and the message that names the objects of which they do not; `None` for a
/// resource that takes nothing from a row but its key. Without it all rows but one would be lost without a word.
fn agreement(skeleton: &Skeleton<'_>, resource: &Resource, ground: &Ground<'_>) -> Option<(String, String)> {
    let attributes = skeleton.attributes(resource);
    if attributes.is_empty() {
        return None;
    }
    let values: Vec<String> = attributes.iter().map(|name| format!("entry.{name}")).collect();
    let objects = format!(
        "{{ for entry in values(var.entries) : {} => jsonencode([{}])...{} }}",
        own_key_of(skeleton, resource, "entry"),
        values.join(", "),
        selected(resource)
    );
    let condition = format!("alltrue([for rows in values({objects}) : length(distinct(rows)) == 1])");
    let lead = differ(ground);
    let quoted_lead = quoted(&format!("{lead} ({}): ", attributes.join(", ")));
    let names = format!("join(\", \", [for key, rows in {objects} : key if length(distinct(rows)) > 1])");
    let lead = quoted_lead.strip_suffix('"').unwrap_or(&quoted_lead);
    Some((condition, format!("{lead}${{{names}}}\"")))
}

/// What is said where rows of one object differ.
pub(super) fn differ<'w>(ground: &Ground<'w>) -> &'w str {
    ground.pick("同じ対象の行で値が違う", "rows of one object do not agree on")
}

fn every(holds: &str) -> String {
    format!("alltrue([for entry in values(var.entries) : {holds}])")
}

/// That a row makes a resource, for plays in which every resource is made of some rows only.
fn selection(skeleton: &Skeleton<'_>) -> Option<String> {
    let mut whens: Vec<String> = Vec::new();
    for resource in skeleton.play.drafted() {
        let chosen = format!("entry.{} != null", resource.when.as_deref()?);
        if !whens.contains(&chosen) {
            whens.push(chosen);
        }
    }
    Some(whens.join(" || "))
}

fn check(condition: &str, refusal: &str) -> Body {
    let mut body = Body::default();
    body.argument("condition", condition)
        .argument("error_message", quoted(refusal));
    body
}

fn shape_check(field: &Field, value: &str) -> Option<String> {
    if !field.shape.choices.is_empty() {
        let choices: Vec<String> = field
            .shape
            .choices
            .iter()
            .map(|choice| choice.value.clone())
            .collect();
        return Some(format!("contains({}, {value})", list(&choices)));
    }
    let pattern = field.shape.pattern.as_ref()?;
    let fits = format!("can(regex({}, {value}))", quoted(pattern));
    // A form asks for a day, and a day is what people write.
    Some(match field.shape.day_end {
        true => format!(
            "{value} == {} || can(regex({}, {value})) || {fits}",
            quoted(NO_END),
            quoted(DAY_PATTERN)
        ),
        false => fits,
    })
}

fn looks_like(field: &Field) -> String {
    if field.shape.choices.is_empty() {
        let day = if field.shape.day_end {
            "YYYY-MM-DD, none, "
        } else {
            ""
        };
        return format!(
            "{}: {day}{}",
            field.name,
            field.shape.pattern.as_deref().unwrap_or_default()
        );
    }
    let choices: Vec<&str> = field
        .shape
        .choices
        .iter()
        .map(|choice| choice.value.as_str())
        .collect();
    format!("{}: {}", field.name, choices.join(", "))
}

fn input_check(input: &Field, ground: &Ground<'_>) -> Body {
    let name = format!("var.{}", input.name);
    let condition = match (
        input.list,
        shape_check(input, if input.list { "value" } else { &name }),
    ) {
        (true, Some(holds)) => format!("alltrue([for value in {name} : {holds}])"),
        (false, Some(holds)) => holds,
        (_, None) => format!("!strcontains(jsonencode({name}), {})", quoted(PLACEHOLDER)),
    };
    let plain = ground.pick("値を書く", "write the value");
    check(
        &condition,
        &if input.shape.pattern.is_some() {
            looks_like(input)
        } else {
            plain.to_owned()
        },
    )
}
