//! When what a row grants ends: a day or an instant, or that it has no end and why. What knows no end of its own ends by
//! leaving the row out once it is over.

use std::collections::BTreeMap;

use crate::taxonomy::{Lang, Play, Resource, Shape, Words};
use crate::text::plain;

use super::entries::{Entry, PLACEHOLDER};
use super::hcl::quoted;
use super::reading::Read;
use super::shape::DAY;
use super::skeleton::{Field, Skeleton};
use super::{Ground, Request};

/// What stands in a row for an end where it has none; the row then says why.
pub(super) const NO_END: &str = "none";

/// Whether every row makes something that ends by a value: one resource is made of all rows, or all resources take it.
pub(super) fn is_everywhere(play: &Play, name: &str) -> bool {
    let takes = |resource: &Resource| resource.entries().any(|(_, given)| given.name == name);
    let made = || play.drafted().filter(|resource| !resource.data);
    let always = |resource: &Resource| resource.when.is_none() && resource.system.is_none();
    made().all(takes) || made().any(|resource| always(resource) && takes(resource))
}

/// The fields, and behind each end why there is none: a grant for ever is said, not left out.
pub(super) fn with_reasons(fields: Vec<Field>) -> Vec<Field> {
    let mut all = Vec::with_capacity(fields.len());
    for field in fields {
        let reason = field.shape.day_end.then(|| Field {
            name: reason_of(&field.name),
            slot: None,
            ask: Some(Words {
                ja: "期限を付けない理由と、次に見直す日(期限がないとき)".to_owned(),
                en: "why it has no end, and the day it is looked at again (where it has none)".to_owned(),
            }),
            list: false,
            shape: Shape::default(),
            mandatory: false,
            decides: false,
        });
        all.push(field);
        all.extend(reason);
    }
    all
}

/// Name of the value that says why a row has no end.
pub(super) fn reason_of(end: &str) -> String {
    format!("{end}_reason")
}

/// What stands for an end that a ticket does not name. What was done so stands without one today, and the row says so;
/// what is still open is given an end by a person.
pub(super) fn endless<'a>(
    skeleton: &'a Skeleton<'_>,
    ground: &Ground<'_>,
    request: &Request<'_>,
    values: &mut BTreeMap<&'a str, String>,
) -> Vec<(String, Read)> {
    let mut endless = Vec::new();
    for field in skeleton.fields.iter().filter(|field| field.shape.day_end) {
        if values.contains_key(field.name.as_str()) {
            continue;
        }
        let mut selected = skeleton.play.drafted().filter(|r| skeleton.selects(r, values));
        if !selected.any(|resource| resource.entries().any(|(_, given)| given.name == field.name)) {
            continue;
        }
        values.insert(&field.name, PLACEHOLDER.to_owned());
        let reason = reason_of(&field.name);
        let place = skeleton.field(&reason).filter(|_| request.done);
        if let Some(place) = place {
            let id = plain(request.ticket.id.as_str());
            let why = match ground.lang {
                Lang::Ja => format!("{id} に期限の記載なし"),
                Lang::En => format!("{id} names no end"),
            };
            values.insert(&place.name, PLACEHOLDER.to_owned());
            endless.push((field.name.clone(), Read::Open(NO_END.to_owned())));
            endless.push((reason, Read::Ticket(why)));
        }
    }
    endless
}

/// Whether a value of a row says that it has no end, or why.
pub(super) fn is_endless(skeleton: &Skeleton<'_>, entry: &Entry, name: &str) -> bool {
    let mut ends = skeleton.fields.iter().filter(|field| field.shape.day_end);
    ends.any(|end| {
        entry.value(&end.name) == Some(NO_END) && (name == end.name || name == reason_of(&end.name))
    })
}

/// Whether a value of the entries says when they end.
pub(super) fn given_end(skeleton: &Skeleton<'_>, name: &str) -> bool {
    skeleton.field(name).is_some_and(|field| field.shape.day_end)
}

/// Whether an entry has no end.
pub(super) fn has_no_end(skeleton: &Skeleton<'_>, name: &str, entry: &str) -> String {
    let is_said = skeleton.field(name).is_some_and(|field| field.mandatory);
    match is_said {
        true => format!("{entry}.{name} == {}", quoted(NO_END)),
        false => format!("coalesce({entry}.{name}, {0}) == {0}", quoted(NO_END)),
    }
}

/// The instant that a value of an entry stands for: of a day the one at which it ends.
pub(super) fn instant(value: &str, until_midnight: &str) -> String {
    format!(
        "length({value}) == {} ? timeadd(\"${{{value}}}T23:59:59Z\", \"{until_midnight}\") : {value}",
        DAY.len()
    )
}

/// Whether an entry is not over at the time of the plan.
pub(super) fn stands(skeleton: &Skeleton<'_>, name: &str, until_midnight: &str) -> String {
    format!(
        "{} ? true : timecmp({}, plantimestamp()) > 0",
        has_no_end(skeleton, name, "entry"),
        instant(&format!("entry.{name}"), until_midnight)
    )
}
