//! Reading the Terraform side of plays: providers, resources, and where arguments get their values.
//!
//! What a resource is filled with must be an argument that it lists, what is named elsewhere must exist: a skeleton
//! that cannot be valid is refused with the taxonomy, not found when it is drafted.

use std::collections::BTreeSet;

use toml::de::DeValue;

use super::load::Ids;
use super::play::{
    Authority, Choice, Constant, Fill, FillValue, Given, Lead, Provider, Resource, Shape, head,
};
use super::reader::{Faults, Fields, Value, flag, text};
use super::values::{one_of, plain, reference, words_or_text};

/// Most repetitions that Terraform's regex engine takes.
const MOST_REPEATS: u64 = 1000;

pub(super) fn provider(faults: &mut Faults<'_>, id: String, value: &Value<'_>) -> Option<Provider> {
    let mut fields = Fields::open(faults, value, format!("provider `{id}`"))?;
    let source = fields.need(faults, "source", text);
    let version = fields.need(faults, "version", text);
    let note = fields.maybe(faults, "note", words_or_text);
    fields.close(faults);
    Some(Provider {
        id,
        source: source?,
        version: version?,
        note,
    })
}

/// Reads a resource; what several resources of a play must agree on is checked by [`relations`].
pub(super) fn resource(
    faults: &mut Faults<'_>,
    value: &Value<'_>,
    what: &str,
    ids: &Ids,
) -> Option<Resource> {
    const AUTHORITIES: [(&str, Authority); 3] = [
        ("additive", Authority::Additive),
        ("object", Authority::Object),
        ("authoritative", Authority::Authoritative),
    ];
    let mut fields = Fields::open(faults, value, what)?;
    let name = fields.need(faults, "name", identifier);
    if let Some(name) = &name {
        fields.rename(format!("resource `{name}`"));
    }
    let authority = fields
        .maybe(faults, "authority", one_of(&AUTHORITIES))
        .unwrap_or(Authority::Object);
    let read = Resource {
        label: fields
            .maybe(faults, "label", identifier)
            .unwrap_or_else(|| "this".to_owned()),
        data: fields.maybe(faults, "data", flag).unwrap_or(false),
        authority,
        draft: fields
            .maybe(faults, "draft", flag)
            .unwrap_or(authority != Authority::Authoritative),
        required: fields.list(faults, "required", text),
        optional: fields.list(faults, "optional", text),
        fill: fills(faults, &mut fields, ids),
        key: fields.list(faults, "key", text),
        when: fields.maybe(faults, "when", text),
        system: fields.maybe(faults, "system", reference("system", &ids.systems)),
        ends: ends(faults, &mut fields, ids),
        never_with: fields.list(faults, "never_with", text),
        import: fields.maybe(faults, "import", text),
        note: fields.maybe(faults, "note", words_or_text),
        name: name.clone().unwrap_or_default(),
    };
    check(faults, &fields, &read);
    fields.close(faults);
    name.map(|_| read)
}

fn check(faults: &mut Faults<'_>, fields: &Fields<'_, '_>, resource: &Resource) {
    let what = fields.what();
    if resource.draft && resource.authority == Authority::Authoritative {
        let hint = "leave `draft` out: what takes away all that it does not list is never drafted";
        faults.at(
            fields.start(),
            format!("{what} is authoritative and to be drafted"),
            hint,
        );
    }
    let known: Vec<&String> = resource.required.iter().chain(&resource.optional).collect();
    for fill in &resource.fill {
        if !known.iter().any(|known| *known == head(&fill.path)) {
            let message = format!(
                "`{}` is filled, which is no argument of {what}",
                fill.path.escape_debug()
            );
            let hint = format!(
                "name `{}` under `required` or `optional`, as the provider's documentation has it",
                head(&fill.path).escape_debug()
            );
            faults.at(fields.start(), message, hint);
        }
    }
}

/// Reports what the resources of a play say of each other that does not hold.
pub(super) fn relations(faults: &mut Faults<'_>, fields: &Fields<'_, '_>, resources: &[Resource]) {
    let what = fields.what();
    let mut seen = BTreeSet::new();
    let mut given = BTreeSet::new();
    for resource in resources {
        if !seen.insert((resource.data, &resource.name, &resource.label)) {
            let message = format!(
                "{what} has two resources `{}` with label `{}`",
                resource.name, resource.label
            );
            faults.at(fields.start(), message, "give one of them another `label`");
        }
        given.extend(resource.entries().map(|(_, given)| given.name.as_str()));
    }
    for (at, resource) in resources.iter().enumerate() {
        referred(faults, fields, resource, &resources[..at]);
        for name in resource.key.iter().chain(&resource.when) {
            if !given.contains(name.as_str()) {
                let message = format!(
                    "resource `{}` of {what} goes by `{}`, which no entry gives",
                    resource.name,
                    name.escape_debug()
                );
                faults.at(fields.start(), message, entries_hint(&given));
            }
        }
    }
}

fn entries_hint(given: &BTreeSet<&str>) -> String {
    if given.is_empty() {
        return "fill an argument with { entry = \"…\" } or { slot = \"…\" } first".to_owned();
    }
    let names: Vec<&str> = given.iter().copied().collect();
    format!("entries give {}", names.join(", "))
}

/// A resource may refer to those above it, so that no two wait for each other.
fn referred(faults: &mut Faults<'_>, fields: &Fields<'_, '_>, resource: &Resource, above: &[Resource]) {
    for fill in &resource.fill {
        if let FillValue::Of { resource: other, .. } = &fill.value
            && !above.iter().any(|known| known.name == *other && known.draft)
        {
            let message = format!(
                "`{}` of resource `{}` is of `{}`, which {} does not draft above it",
                fill.path,
                resource.name,
                other.escape_debug(),
                fields.what()
            );
            faults.at(
                fields.start(),
                message,
                "name a resource of the same play that stands above",
            );
        }
    }
}

fn fills(faults: &mut Faults<'_>, fields: &mut Fields<'_, '_>, ids: &Ids) -> Vec<Fill> {
    let owner = fields.what().to_owned();
    let entries = fields.entries(faults, "fill");
    let read = |(path, value): (String, &Value<'_>)| {
        let what = format!("`fill.{}` of {owner}", path.escape_debug());
        if !path.split('.').all(is_identifier) {
            let hint = "write an argument, or blocks and an argument with dots: 'roles.name'";
            faults.at(value.span().start, format!("{what} names no argument"), hint);
            return None;
        }
        Some(Fill {
            value: fill(faults, value, &what, ids)?,
            path,
        })
    };
    entries.into_iter().filter_map(read).collect()
}

/// The value of entries by which they end; it fills no argument.
fn ends(faults: &mut Faults<'_>, fields: &mut Fields<'_, '_>, ids: &Ids) -> Option<Fill> {
    let value = fields.value("ends")?;
    let what = format!("`ends` of {}", fields.what());
    let start = value.span().start;
    match fill(faults, value, &what, ids)? {
        FillValue::Entry(given) if given.shape.day_end && !given.list => Some(Fill {
            path: given.name.clone(),
            value: FillValue::Entry(given),
        }),
        _ => {
            let hint = "write { entry = \"until\", day_end = true }, with a slot where tickets give it";
            faults.at(start, format!("{what} is no instant of an entry"), hint);
            None
        }
    }
}

fn fill(faults: &mut Faults<'_>, value: &Value<'_>, what: &str, ids: &Ids) -> Option<FillValue> {
    match value.get_ref() {
        DeValue::Table(table) if table.is_empty() => Some(FillValue::EmptyBlock),
        DeValue::Table(_) => filled(faults, value, what, ids),
        DeValue::Boolean(flag) => Some(FillValue::Constant(Constant::Flag(*flag))),
        DeValue::Integer(number) => Some(FillValue::Constant(Constant::Number(number.as_str().to_owned()))),
        DeValue::Float(number) => Some(FillValue::Constant(Constant::Number(number.as_str().to_owned()))),
        DeValue::Array(entries) => {
            let texts = entries
                .iter()
                .filter_map(|entry| text(faults, entry, what))
                .collect();
            Some(FillValue::Constant(Constant::List(texts)))
        }
        _ => Some(FillValue::Constant(Constant::Text(text(faults, value, what)?))),
    }
}

fn filled(faults: &mut Faults<'_>, value: &Value<'_>, what: &str, ids: &Ids) -> Option<FillValue> {
    let mut fields = Fields::open(faults, value, what)?;
    let slot = fields.maybe(faults, "slot", reference("slot", &ids.slots));
    let entry = fields.maybe(faults, "entry", identifier);
    let input = fields.maybe(faults, "input", identifier);
    let of = fields.maybe(faults, "of", identifier);
    let attribute = fields.maybe(faults, "attribute", identifier);
    let hcl = fields.maybe(faults, "hcl", text);
    let given = Given {
        name: String::new(),
        slot: slot.clone(),
        list: fields.maybe(faults, "list", flag).unwrap_or(false),
        optional: fields.maybe(faults, "optional", flag).unwrap_or(false),
        decides: fields.maybe(faults, "decides", flag).unwrap_or(false),
        template: fields.maybe(faults, "template", text),
        ask: fields.maybe(faults, "ask", words_or_text),
        shape: shape(faults, &mut fields),
    };
    let read = match (of, hcl, input, entry.or(slot)) {
        (Some(resource), None, None, None) => Some(FillValue::Of {
            resource,
            attribute: attribute.unwrap_or_else(|| "id".to_owned()),
        }),
        (None, Some(hcl), None, None) => Some(FillValue::Hcl(hcl)),
        (None, None, Some(name), None) => Some(FillValue::Input(Given { name, ..given })),
        (None, None, None, Some(name)) => Some(FillValue::Entry(Given { name, ..given })),
        _ => {
            let hint = "write one of slot (with entry to name it), entry, input, of, hcl; or {} for a block without arguments";
            faults.at(
                fields.start(),
                format!("{what} does not say where its value comes from"),
                hint,
            );
            None
        }
    };
    fields.close(faults);
    read
}

fn shape(faults: &mut Faults<'_>, fields: &mut Fields<'_, '_>) -> Shape {
    Shape {
        pattern: fields.maybe(faults, "pattern", pattern),
        reject: fields.maybe(faults, "reject", rejection),
        choices: choices(faults, fields),
        default: fields.maybe(faults, "default", text),
        fallback: fields.maybe(faults, "fallback", identifier),
        lead: fields.maybe(faults, "lead", text),
        lead_for: leads(faults, fields),
        day_end: fields.maybe(faults, "day_end", flag).unwrap_or(false),
        after: fields.maybe(faults, "after", text),
        before: fields.maybe(faults, "before", text),
    }
}

/// Endings of values with what is put before such a one.
fn leads(faults: &mut Faults<'_>, fields: &mut Fields<'_, '_>) -> Vec<Lead> {
    let what = format!("`lead_for` of {}", fields.what());
    let entries = fields.entries(faults, "lead_for");
    let read = |(end, value): (String, &Value<'_>)| {
        let lead = text(faults, value, &what)?;
        Some(Lead { end, lead })
    };
    entries.into_iter().filter_map(read).collect()
}

/// Choices are a list of values, or a table of values with the words that mean them.
fn choices(faults: &mut Faults<'_>, fields: &mut Fields<'_, '_>) -> Vec<Choice> {
    let is_list = fields
        .value("choices")
        .is_some_and(|value| value.get_ref().as_array().is_some());
    if is_list {
        let values = fields.list(faults, "choices", text);
        let bare = |value| Choice {
            value,
            words: Vec::new(),
        };
        return values.into_iter().map(bare).collect();
    }
    let what = format!("`choices` of {}", fields.what());
    let entries = fields.entries(faults, "choices");
    let read = |(choice, value): (String, &Value<'_>)| {
        let DeValue::Array(words) = value.get_ref() else {
            faults.at(
                value.span().start,
                format!("{what} has no list of words for `{}`", choice.escape_debug()),
                "write a list: pull = [\"read\", \"閲覧\"]",
            );
            return None;
        };
        let words = words
            .iter()
            .filter_map(|word| plain(faults, word, &what))
            .collect();
        Some(Choice { value: choice, words })
    };
    entries.into_iter().filter_map(read).collect()
}

/// A regex over a whole value, kept as text for Terraform to check by as well.
fn pattern(faults: &mut Faults<'_>, value: &Value<'_>, what: &str) -> Option<String> {
    let source = text(faults, value, what)?;
    bounded(faults, value, what, &source)?;
    if is_regex(faults, &source) && source.starts_with('^') && source.ends_with('$') {
        return Some(source);
    }
    let hint = "write a regex over the whole value, from ^ to $, without look-around";
    faults.at(
        value.span().start,
        format!("{what} is `{}`", source.escape_debug()),
        hint,
    );
    None
}

/// Says whether a text is a regex. Those that a test has read are trusted: building them all takes longer than reading
/// the tickets of a small desk, and most are never used.
fn is_regex(faults: &Faults<'_>, source: &str) -> bool {
    faults.trusts_regexes() || regex::Regex::new(source).is_ok()
}

/// A regex for what must not be in a value, kept as text for Terraform to check by as well.
fn rejection(faults: &mut Faults<'_>, value: &Value<'_>, what: &str) -> Option<String> {
    let source = text(faults, value, what)?;
    bounded(faults, value, what, &source)?;
    let is_fit = || regex::Regex::new(&source).is_ok_and(|reject| !reject.is_match(""));
    if faults.trusts_regexes() || is_fit() {
        return Some(source);
    }
    faults.at(
        value.span().start,
        format!("{what} is `{}`", source.escape_debug()),
        "write a regex for what no row may give, such as (?i)admin|owner, without look-around",
    );
    None
}

/// Refuses a regex that repeats more often than Terraform's engine takes: every plan would fail on it. Read from the
/// text, so that it holds for trusted regexes too.
fn bounded(faults: &mut Faults<'_>, value: &Value<'_>, what: &str, source: &str) -> Option<()> {
    let most = most_repeats(source);
    if most <= MOST_REPEATS {
        return Some(());
    }
    faults.at(
        value.span().start,
        format!(
            "{what} is `{}`, which repeats {most} times",
            source.escape_debug()
        ),
        "write + or *, or a repetition of at most 1000: Terraform refuses more",
    );
    None
}

/// Highest number of any repetition `{n}`, `{n,}` or `{n,m}` of a regex; 0 if there is none.
fn most_repeats(source: &str) -> u64 {
    let mut most = 0;
    let mut in_class = false;
    let mut rest = source.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => {
                // `\p{Han}` and `\x{3042}` name characters.
                let named = rest.next().is_some_and(|kind| "pPxuU".contains(kind));
                if named && rest.as_str().starts_with('{') {
                    rest.by_ref().find(|c| *c == '}');
                }
            }
            '[' => in_class = true,
            ']' => in_class = false,
            '{' if !in_class => {
                let inner = rest.as_str().split('}').next().unwrap_or_default();
                for number in inner.split(',') {
                    let digits = number.trim();
                    if !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit()) {
                        most = most.max(digits.parse().unwrap_or(u64::MAX));
                    }
                }
            }
            _ => {}
        }
    }
    most
}

fn identifier(faults: &mut Faults<'_>, value: &Value<'_>, what: &str) -> Option<String> {
    let name = text(faults, value, what)?;
    if is_identifier(&name) {
        return Some(name);
    }
    let hint = "start with a lower-case letter and go on with lower-case letters, digits and underscores";
    faults.at(
        value.span().start,
        format!("{what} is `{}`", name.escape_debug()),
        hint,
    );
    None
}

fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repetitions_are_read_from_the_text_of_a_regex() {
        for (source, most) in [
            ("^[a-z]{1,1024}$", 1024),
            ("^a{2000}$", 2000),
            ("^a{1001,}$", 1001),
            ("^a{3}b{4,61}$", 61),
            (r"^\p{Han}{2,8}\x{3042}\{5000}[{6000}]$", 8),
            ("^a{99999999999999999999999}$", u64::MAX),
            ("^(?P<x>a)+$", 0),
        ] {
            assert_eq!(most_repeats(source), most, "{source}");
        }
    }
}
