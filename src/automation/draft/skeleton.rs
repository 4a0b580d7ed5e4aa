//! What a play's resources need: the values of each entry, the inputs of the whole, and what makes one object.

use std::collections::BTreeMap;

use crate::taxonomy::{Fill, FillValue, Given, Play, Resource, Shape, Words};

use super::ends::{is_everywhere, with_reasons};
use super::entries::Entry;

/// Name of the entry value that says which system an entry is about.
pub(super) const SYSTEM: &str = "system";

/// An entry of the object that is being made: all entries of it agree on what makes it.
pub(super) const ENTRY: &str = "each.value[0]";

/// A value that entries carry, or that is given once.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) slot: Option<String>,
    /// What a form asks for it by, where no slot does.
    pub(super) ask: Option<Words>,
    pub(super) list: bool,
    pub(super) shape: Shape,
    /// Whether every entry must have it.
    pub(super) mandatory: bool,
    /// Whether a ticket that does not give it makes no row.
    pub(super) decides: bool,
}

/// A play as far as Terraform goes.
pub(super) struct Skeleton<'t> {
    pub(super) play: &'t Play,
    /// What each entry carries, in order of first use.
    pub(super) fields: Vec<Field>,
    /// What is given once, in order of first use.
    pub(super) inputs: Vec<Field>,
    /// Systems that resources are told apart by, in order of first use.
    pub(super) systems: Vec<&'t str>,
}

impl<'t> Skeleton<'t> {
    /// Gathers what the resources of a play need; `None` if it declares none.
    pub(super) fn of(play: &'t Play) -> Option<Self> {
        let mut skeleton = Self {
            play,
            fields: Vec::new(),
            inputs: Vec::new(),
            systems: Vec::new(),
        };
        for resource in play.drafted() {
            for fill in resource.fill.iter().chain(&resource.ends) {
                match &fill.value {
                    FillValue::Entry(given) => {
                        let always = resource.when.is_none() && resource.system.is_none();
                        let mandatory = always && is_mandatory(resource, fill, given);
                        add(&mut skeleton.fields, given, mandatory);
                        if let Some(fallback) = fallback(given) {
                            add(&mut skeleton.inputs, &fallback, true);
                        }
                    }
                    FillValue::Input(given) => add(&mut skeleton.inputs, given, true),
                    _ => {}
                }
            }
            for argument in unfilled(resource) {
                skeleton.inputs.push(Field {
                    name: unfilled_input(resource, argument),
                    slot: None,
                    ask: None,
                    list: false,
                    shape: Shape::default(),
                    mandatory: true,
                    decides: false,
                });
            }
            if let Some(system) = resource.system.as_deref()
                && !skeleton.systems.contains(&system)
            {
                skeleton.systems.push(system);
            }
        }
        for field in &mut skeleton.fields {
            field.mandatory &= field.shape.fallback.is_none();
            field.mandatory |= field.shape.day_end && is_everywhere(play, &field.name);
        }
        skeleton.fields = with_reasons(std::mem::take(&mut skeleton.fields));
        play.drafted().next().is_some().then_some(skeleton)
    }

    pub(super) fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Name of the input that stands for a value which an entry leaves out.
    pub(super) fn fallback(&self, name: &str) -> Option<&str> {
        self.field(name)?.shape.fallback.as_deref()
    }

    pub(super) fn resource(&self, name: &str) -> Option<&'t Resource> {
        self.play.drafted().find(|resource| resource.name == name)
    }

    /// Names of the entry values that make one object of a resource, in order; empty if it is made once.
    pub(super) fn key(&self, resource: &'t Resource) -> Vec<&'t str> {
        if !resource.key.is_empty() {
            return resource.key.iter().map(String::as_str).collect();
        }
        let mut key = Vec::new();
        self.gather_key(resource, &mut key);
        key
    }

    /// Ends, since a resource refers only to those above it.
    fn gather_key(&self, resource: &'t Resource, key: &mut Vec<&'t str>) {
        for fill in &resource.fill {
            match &fill.value {
                FillValue::Entry(given)
                    if !given.list
                        && !given.optional
                        && resource.demands(&fill.path)
                        && !key.contains(&given.name.as_str()) =>
                {
                    key.push(&given.name);
                }
                FillValue::Of { resource: name, .. } => {
                    if let Some(other) = self.resource(name) {
                        self.gather_key(other, key);
                    }
                }
                _ => {}
            }
        }
    }

    /// Names of the entry values that an object takes from one of its entries beside its key, in order: all entries of
    /// an object must agree on them.
    pub(super) fn attributes(&self, resource: &'t Resource) -> Vec<&str> {
        let key = self.key(resource);
        let mut used: Vec<&str> = Vec::new();
        for fill in &resource.fill {
            match &fill.value {
                FillValue::Entry(given) if !given.list => used.push(&given.name),
                FillValue::Of { resource: name, .. } => {
                    used.extend(self.resource(name).into_iter().flat_map(|other| self.key(other)));
                }
                FillValue::Hcl(expression) => {
                    let read = |field: &&Field| expression.contains(&format!("{ENTRY}.{}", field.name));
                    used.extend(self.fields.iter().filter(read).map(|field| field.name.as_str()));
                }
                _ => {}
            }
        }
        let mut attributes: Vec<&str> = Vec::new();
        for name in used {
            if !key.is_empty() && !key.contains(&name) && !attributes.contains(&name) {
                attributes.push(name);
            }
        }
        attributes
    }

    /// Values that stand in for what an entry does not give, where a resource that is made of it takes them.
    pub(super) fn assumed<'a>(&'a self, entry: &'a Entry) -> impl Iterator<Item = (&'a str, &'a str)> {
        let is_used = |name: &str| {
            let mut made = self.play.drafted().filter(|resource| entry.makes(resource));
            made.any(|resource| resource.entries().any(|(_, given)| given.name == name))
        };
        let absent = move |field: &&Field| entry.value(&field.name).is_none() && is_used(&field.name);
        self.fields
            .iter()
            .filter(absent)
            .filter_map(|field| Some((field.name.as_str(), field.shape.default.as_deref()?)))
    }

    /// Whether a resource is made of an entry with these values.
    pub(super) fn selects(&self, resource: &Resource, values: &BTreeMap<&str, String>) -> bool {
        let has = |name: &String| values.contains_key(name.as_str());
        let about = |system: &String| values.get(SYSTEM).is_some_and(|value| value == system);
        resource.when.as_ref().is_none_or(has) && resource.system.as_ref().is_none_or(about)
    }
}

/// Arguments that a resource demands and the taxonomy does not fill: they become inputs, so that none is forgotten.
pub(super) fn unfilled(resource: &Resource) -> impl Iterator<Item = &str> {
    let filled = |name: &&String| {
        resource
            .fill
            .iter()
            .any(|fill| fill.path.split('.').next() == Some(name))
    };
    resource
        .required
        .iter()
        .filter(move |name| !filled(name))
        .map(String::as_str)
}

/// Name of the input for such an argument.
pub(super) fn unfilled_input(resource: &Resource, argument: &str) -> String {
    format!("{}_{argument}", resource.name)
}

/// The optional value without which a block of a resource must not stand there; `None` for a block that always does.
pub(super) fn gate<'r>(resource: &'r Resource, block: &str) -> Option<&'r Given> {
    resource.entries().find_map(|(fill, given)| {
        let inner = fill.path.strip_prefix(block)?.strip_prefix('.')?;
        let is_optional = given.shape.default.is_none()
            && given.shape.fallback.is_none()
            && !given.list
            && !is_mandatory(resource, fill, given);
        (!inner.contains('.') && is_optional).then_some(given)
    })
}

/// Whether a resource that is made cannot do without the value.
pub(super) fn is_mandatory(resource: &Resource, fill: &Fill, given: &Given) -> bool {
    resource.demands(&fill.path) && given.is_indispensable()
}

/// The input that stands for a value which entries leave out; it looks like them.
fn fallback(given: &Given) -> Option<Given> {
    let name = given.shape.fallback.clone()?;
    let pattern = given.shape.pattern.clone();
    Some(Given {
        name,
        slot: None,
        list: false,
        optional: false,
        decides: false,
        template: None,
        ask: None,
        shape: Shape {
            pattern,
            ..Shape::default()
        },
    })
}

/// Adds a use of a value; what any of its uses says of its shape holds for all.
fn add(fields: &mut Vec<Field>, given: &Given, mandatory: bool) {
    let at = fields
        .iter()
        .position(|field| field.name == given.name)
        .unwrap_or_else(|| {
            fields.push(Field {
                name: given.name.clone(),
                slot: None,
                ask: None,
                list: given.list,
                shape: Shape::default(),
                mandatory: false,
                decides: false,
            });
            fields.len() - 1
        });
    let field = &mut fields[at];
    field.mandatory |= mandatory;
    field.decides |= given.decides;
    field.slot = field.slot.take().or_else(|| given.slot.clone());
    field.ask = field.ask.take().or_else(|| given.ask.clone());
    let (known, other) = (&mut field.shape, &given.shape);
    known.pattern = known.pattern.take().or_else(|| other.pattern.clone());
    known.default = known.default.take().or_else(|| other.default.clone());
    known.fallback = known.fallback.take().or_else(|| other.fallback.clone());
    known.reject = known.reject.take().or_else(|| other.reject.clone());
    known.day_end |= other.day_end;
    known.lead = known.lead.take().or_else(|| other.lead.clone());
    known.after = known.after.take().or_else(|| other.after.clone());
    known.before = known.before.take().or_else(|| other.before.clone());
    if known.lead_for.is_empty() {
        known.lead_for.clone_from(&other.lead_for);
    }
    if known.choices.is_empty() {
        known.choices.clone_from(&other.choices);
    }
}
