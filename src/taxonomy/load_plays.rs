//! Reading plays, foundations and the ranges they are estimated with.
//!
//! Same manner as the rest of the loader: ask for every key, close the table, then give up if something is missing.

use super::estimate::{Foundation, ThreePoint};
use super::load::Ids;
use super::load_resources::{relations, resource};
use super::play::{FormField, Play};
use super::reader::{Faults, Fields, Value, number, text};
use super::values::{reference, risk, words, words_or_text};

pub(super) fn play(faults: &mut Faults<'_>, id: String, value: &Value<'_>, ids: &Ids) -> Option<Play> {
    let mut fields = Fields::open(faults, value, format!("play `{id}`"))?;
    let title = words(faults, &mut fields);
    let kind = fields.need(faults, "kind", text);
    let foundation = fields.maybe(faults, "foundation", reference("foundation", &ids.foundations));
    let means = fields.maybe(faults, "means", words_or_text);
    let resources = fields.list(faults, "resources", |faults, value, what| {
        resource(faults, value, what, ids)
    });
    relations(faults, &fields, &resources);
    let actions = fields.list(faults, "actions", text);
    let prerequisites = fields.list(faults, "prerequisites", words_or_text);
    let steps = fields.list(faults, "steps", words_or_text);
    let form = fields.list(faults, "form", |faults, value, what| {
        form_field(faults, value, what, ids)
    });
    let live = fields.list(faults, "live", words_or_text);
    let fits = fields.maybe(faults, "fits", words_or_text);
    let rollback = fields.maybe(faults, "rollback", words_or_text);
    let build_days = fields.need(faults, "build_days", three_point(f64::MAX));
    let automation_rate = fields.need(faults, "automation_rate", three_point(1.0));
    let residual_minutes = fields.need(faults, "residual_minutes", number(0.0, f64::MAX));
    let upkeep = fields.need(faults, "upkeep_hours_per_quarter", number(0.0, f64::MAX));
    let owner = fields.need(faults, "owner", words_or_text);
    let risk = fields.need(faults, "risk", risk);
    let note = fields.maybe(faults, "note", words_or_text);
    fields.close(faults);
    Some(Play {
        id,
        title: title?,
        means,
        kind: kind?,
        foundation,
        resources,
        actions,
        prerequisites,
        steps,
        form,
        live,
        fits,
        rollback,
        build_days: build_days?,
        automation_rate: automation_rate?,
        residual_minutes: residual_minutes?,
        upkeep_hours_per_quarter: upkeep?,
        owner: owner?,
        risk: risk?,
        note,
    })
}

fn form_field(faults: &mut Faults<'_>, value: &Value<'_>, what: &str, ids: &Ids) -> Option<FormField> {
    let mut fields = Fields::open(faults, value, what)?;
    let name = words(faults, &mut fields);
    let slot = fields.maybe(faults, "slot", reference("slot", &ids.slots));
    fields.close(faults);
    Some(FormField { name: name?, slot })
}

pub(super) fn foundation(faults: &mut Faults<'_>, id: String, value: &Value<'_>) -> Option<Foundation> {
    let mut fields = Fields::open(faults, value, format!("foundation `{id}`"))?;
    let title = words(faults, &mut fields);
    let build_days = fields.need(faults, "build_days", three_point(f64::MAX));
    let upkeep = fields.need(faults, "upkeep_hours_per_quarter", number(0.0, f64::MAX));
    let owner = fields.need(faults, "owner", text);
    fields.close(faults);
    Some(Foundation {
        id,
        title: title?,
        build_days: build_days?,
        upkeep_hours_per_quarter: upkeep?,
        owner: owner?,
    })
}

/// A range within 0 and `most`, its three figures in order.
pub(super) fn three_point(
    most: f64,
) -> impl FnOnce(&mut Faults<'_>, &Value<'_>, &str) -> Option<ThreePoint> + Copy {
    move |faults, value, what| {
        let mut fields = Fields::open(faults, value, what)?;
        let low = fields.need(faults, "low", number(f64::MIN_POSITIVE, most));
        let likely = fields.need(faults, "likely", number(f64::MIN_POSITIVE, most));
        let high = fields.need(faults, "high", number(f64::MIN_POSITIVE, most));
        fields.close(faults);
        let range = ThreePoint {
            low: low?,
            likely: likely?,
            high: high?,
        };
        if range.low <= range.likely && range.likely <= range.high {
            return Some(range);
        }
        let ThreePoint { low, likely, high } = range;
        let message = format!("{what} runs {low}, {likely}, {high}");
        faults.at(value.span().start, message, "order it low <= likely <= high");
        None
    }
}
