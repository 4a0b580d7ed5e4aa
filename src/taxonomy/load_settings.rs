//! Reading the numbers that belong to no single rule; what a file leaves out keeps its default.

use super::load_plays::three_point;
use super::reader::{Faults, Fields, Value, number, whole};
use super::settings::{ClauseWeights, Engine, Estimation, FieldWeights};

/// The largest factor, bonus or threshold that makes sense beside weights of at most 10.
const MOST: f64 = 100.0;

pub(super) fn engine(faults: &mut Faults<'_>, value: &Value<'_>, _: &str) -> Option<Engine> {
    let mut fields = Fields::open(faults, value, "[engine]")?;
    let mut engine = Engine::default();
    set(
        faults,
        &mut fields,
        "pattern_share",
        1.0,
        &mut engine.pattern_share,
    );
    set(
        faults,
        &mut fields,
        "system_bonus",
        MOST,
        &mut engine.system_bonus,
    );
    set(
        faults,
        &mut fields,
        "missing_system_penalty",
        MOST,
        &mut engine.missing_system_penalty,
    );
    set(
        faults,
        &mut fields,
        "missing_cue_penalty",
        MOST,
        &mut engine.missing_cue_penalty,
    );
    set(faults, &mut fields, "family_cap", MOST, &mut engine.family_cap);
    set(faults, &mut fields, "min_score", MOST, &mut engine.min_score);
    set(faults, &mut fields, "min_margin", MOST, &mut engine.min_margin);
    set(
        faults,
        &mut fields,
        "multi_label_ratio",
        1.0,
        &mut engine.multi_label_ratio,
    );
    engine.field_weight = fields
        .maybe(faults, "field_weight", field_weights)
        .unwrap_or_default();
    engine.clause_weight = fields
        .maybe(faults, "clause_weight", clause_weights)
        .unwrap_or_default();
    fields.close(faults);
    Some(engine)
}

pub(super) fn estimation(faults: &mut Faults<'_>, value: &Value<'_>, _: &str) -> Option<Estimation> {
    let mut fields = Fields::open(faults, value, "[estimation]")?;
    let mut estimation = Estimation::default();
    let known = &mut estimation;
    set(
        faults,
        &mut fields,
        "hours_per_day",
        24.0,
        &mut known.hours_per_day,
    );
    set(faults, &mut fields, "form_reach", 1.0, &mut known.form_reach);
    set(
        faults,
        &mut fields,
        "min_label_purity",
        1.0,
        &mut known.min_label_purity,
    );
    set(
        faults,
        &mut fields,
        "self_service_lead_hours",
        f64::MAX,
        &mut known.self_service_lead_hours,
    );
    set(
        faults,
        &mut fields,
        "transferred_minutes",
        f64::MAX,
        &mut known.transferred_minutes,
    );
    set(
        faults,
        &mut fields,
        "min_slot_completeness",
        1.0,
        &mut known.min_slot_completeness,
    );
    for (key, least, count) in [
        ("horizon_quarters", 1, &mut known.horizon_quarters),
        ("min_timed_tickets", 0, &mut known.min_timed_tickets),
        ("min_tickets_per_year", 0, &mut known.min_tickets_per_year),
    ] {
        *count = fields
            .maybe(faults, key, whole(least, u32::MAX))
            .unwrap_or(*count);
    }
    let minutes = fields.maybe(faults, "interruption_minutes", three_point(f64::MAX));
    known.interruption_minutes = minutes.unwrap_or(known.interruption_minutes);
    let fraction = fields.maybe(faults, "blocked_fraction", three_point(1.0));
    known.blocked_fraction = fraction.unwrap_or(known.blocked_fraction);
    fields.close(faults);
    Some(estimation)
}

fn field_weights(faults: &mut Faults<'_>, value: &Value<'_>, what: &str) -> Option<FieldWeights> {
    let mut fields = Fields::open(faults, value, what)?;
    let mut weights = FieldWeights::default();
    set(faults, &mut fields, "title", MOST, &mut weights.title);
    set(faults, &mut fields, "body", MOST, &mut weights.body);
    set(faults, &mut fields, "comments", MOST, &mut weights.comments);
    set(faults, &mut fields, "category", MOST, &mut weights.category);
    fields.close(faults);
    Some(weights)
}

fn clause_weights(faults: &mut Faults<'_>, value: &Value<'_>, what: &str) -> Option<ClauseWeights> {
    let mut fields = Fields::open(faults, value, what)?;
    let mut weights = ClauseWeights::default();
    set(faults, &mut fields, "request", MOST, &mut weights.request);
    set(faults, &mut fields, "statement", MOST, &mut weights.statement);
    set(faults, &mut fields, "reason", MOST, &mut weights.reason);
    set(faults, &mut fields, "concession", MOST, &mut weights.concession);
    set(faults, &mut fields, "done", MOST, &mut weights.done);
    set(faults, &mut fields, "negated", MOST, &mut weights.negated);
    set(faults, &mut fields, "quote", MOST, &mut weights.quote);
    fields.close(faults);
    Some(weights)
}

/// Overwrites a default with what the file says, from 0 to `most`.
fn set(faults: &mut Faults<'_>, fields: &mut Fields<'_, '_>, key: &'static str, most: f64, slot: &mut f64) {
    *slot = fields.maybe(faults, key, number(0.0, most)).unwrap_or(*slot);
}
