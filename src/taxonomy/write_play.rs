//! Writes plays as TOML that the loader reads back to the same play.

use super::play::{Authority, Choice, Constant, Fill, FillValue, FormField, Given, Lead, Play, Resource};
use super::write::{Entry, list, quoted, range, words};

/// Writes a play with its resources.
#[must_use]
pub fn play(play: &Play) -> String {
    let mut out = Entry::open(&format!("[plays.{}]", play.id));
    out.text("ja", &play.title.ja);
    out.text("en", &play.title.en);
    out.text("kind", &play.kind);
    if let Some(foundation) = &play.foundation {
        out.text("foundation", foundation);
    }
    for (key, text) in [
        ("means", &play.means),
        ("fits", &play.fits),
        ("rollback", &play.rollback),
    ] {
        if let Some(text) = text {
            out.raw(key, &words(text));
        }
    }
    out.texts("actions", play.actions.iter().map(String::as_str));
    if !play.form.is_empty() {
        let field = |field: &FormField| {
            let slot = field
                .slot
                .as_ref()
                .map(|slot| format!("slot = {}, ", quoted(slot)));
            let (ja, en) = (quoted(&field.name.ja), quoted(&field.name.en));
            format!("  {{ {}ja = {ja}, en = {en} }},\n", slot.unwrap_or_default())
        };
        out.raw(
            "form",
            &format!("[\n{}]", play.form.iter().map(field).collect::<String>()),
        );
    }
    for (key, texts) in [
        ("prerequisites", &play.prerequisites),
        ("steps", &play.steps),
        ("live", &play.live),
    ] {
        if !texts.is_empty() {
            let lines: String = texts.iter().map(|text| format!("  {},\n", words(text))).collect();
            out.raw(key, &format!("[\n{lines}]"));
        }
    }
    out.raw("build_days", &range(play.build_days));
    out.raw("automation_rate", &range(play.automation_rate));
    out.raw("residual_minutes", &format!("{:?}", play.residual_minutes));
    out.raw(
        "upkeep_hours_per_quarter",
        &format!("{:?}", play.upkeep_hours_per_quarter),
    );
    out.raw("owner", &words(&play.owner));
    out.raw("risk", &play.risk.to_string());
    if let Some(note) = &play.note {
        out.raw("note", &words(note));
    }
    let resources: Vec<String> = play.resources.iter().map(|one| resource(&play.id, one)).collect();
    format!("{}{}", out.into_text(), resources.concat())
}

fn resource(play: &str, resource: &Resource) -> String {
    let mut out = Entry::open(&format!("\n[[plays.{play}.resources]]"));
    out.text("name", &resource.name);
    if resource.label != "this" {
        out.text("label", &resource.label);
    }
    if resource.data {
        out.raw("data", "true");
    }
    out.text(
        "authority",
        match resource.authority {
            Authority::Additive => "additive",
            Authority::Object => "object",
            Authority::Authoritative => "authoritative",
        },
    );
    if !resource.draft {
        out.raw("draft", "false");
    }
    for (key, names) in [
        ("required", &resource.required),
        ("optional", &resource.optional),
        ("key", &resource.key),
        ("never_with", &resource.never_with),
    ] {
        out.texts(key, names.iter().map(String::as_str));
    }
    for (key, value) in [
        ("when", &resource.when),
        ("system", &resource.system),
        ("import", &resource.import),
    ] {
        if let Some(value) = value {
            out.text(key, value);
        }
    }
    if let Some(note) = &resource.note {
        out.raw("note", &words(note));
    }
    if let Some(ends) = &resource.ends {
        out.raw("ends", &fill(&ends.value));
    }
    if resource.fill.is_empty() {
        return out.into_text();
    }
    let mut fills = Entry::open(&format!("[plays.{play}.resources.fill]"));
    for Fill { path, value } in &resource.fill {
        fills.raw(&quoted(path), &fill(value));
    }
    out.into_text() + &fills.into_text()
}

fn fill(value: &FillValue) -> String {
    match value {
        FillValue::Constant(Constant::Text(text)) => quoted(text),
        FillValue::Constant(Constant::Number(number)) => number.clone(),
        FillValue::Constant(Constant::Flag(flag)) => flag.to_string(),
        FillValue::Constant(Constant::List(texts)) => list(texts),
        FillValue::EmptyBlock => "{}".to_owned(),
        FillValue::Hcl(expression) => format!("{{ hcl = {} }}", quoted(expression)),
        FillValue::Of { resource, attribute } => {
            format!(
                "{{ of = {}, attribute = {} }}",
                quoted(resource),
                quoted(attribute)
            )
        }
        FillValue::Entry(given) => table("entry", given),
        FillValue::Input(given) => table("input", given),
    }
}

fn table(kind: &str, given: &Given) -> String {
    let mut keys = vec![format!("{kind} = {}", quoted(&given.name))];
    let shape = &given.shape;
    for (key, value) in [
        ("slot", &given.slot),
        ("template", &given.template),
        ("pattern", &shape.pattern),
        ("reject", &shape.reject),
        ("default", &shape.default),
        ("fallback", &shape.fallback),
        ("lead", &shape.lead),
        ("after", &shape.after),
        ("before", &shape.before),
    ] {
        keys.extend(value.as_ref().map(|value| format!("{key} = {}", quoted(value))));
    }
    for (key, on) in [
        ("list", given.list),
        ("optional", given.optional),
        ("decides", given.decides),
        ("day_end", shape.day_end),
    ] {
        if on {
            keys.push(format!("{key} = true"));
        }
    }
    keys.extend(given.ask.as_ref().map(|ask| format!("ask = {}", words(ask))));
    if !shape.lead_for.is_empty() {
        let lead = |Lead { end, lead }: &Lead| format!("{} = {}", quoted(end), quoted(lead));
        let leads: Vec<String> = shape.lead_for.iter().map(lead).collect();
        keys.push(format!("lead_for = {{ {} }}", leads.join(", ")));
    }
    if !shape.choices.is_empty() {
        let choice = |Choice { value, words }: &Choice| format!("{} = {}", quoted(value), list(words));
        let choices: Vec<String> = shape.choices.iter().map(choice).collect();
        keys.push(format!("choices = {{ {} }}", choices.join(", ")));
    }
    format!("{{ {} }}", keys.join(", "))
}

#[cfg(test)]
mod tests {
    use crate::taxonomy::{Taxonomy, write};

    #[test]
    fn every_play_reads_back_as_it_was() {
        let builtin = Taxonomy::builtin().unwrap();
        let (head, rest) = Taxonomy::BUILTIN.split_once("\n[plays.").unwrap();
        let (_, patterns) = rest.split_once("\n[[pattern]]\n").unwrap();
        let plays: Vec<String> = builtin.plays.iter().map(write::play).collect();
        let text = format!("{head}\n{}\n[[pattern]]\n{patterns}", plays.join("\n"));
        let again = Taxonomy::parse("written", &text).unwrap();
        assert_eq!(builtin.plays, again.plays);
    }
}
