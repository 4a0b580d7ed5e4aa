//! Automation plays as data: what is built, with which Terraform resources, and what a builder must know first.
//!
//! A play carries everything that a draft is made of, so that a team adds its own in TOML alone. Costs are priors
//! written by people (see [`ThreePoint`]); arguments of resources follow the documentation of their providers.

use std::collections::BTreeSet;

use super::estimate::ThreePoint;
use super::words::Words;

/// A way to take a kind of request off the team's hands.
#[derive(Debug, Clone, PartialEq)]
pub struct Play {
    /// Its key under `[plays]`.
    pub id: String,
    /// What is done, as a title.
    pub title: Words,
    /// How it works, in a sentence or two.
    pub means: Option<Words>,
    /// The sort of work: `form`, `terraform_self_service`, `workflow` and so on; free text for grouping.
    pub kind: String,
    /// The shared base that must exist first and is paid once for all plays on it.
    pub foundation: Option<String>,
    /// Terraform resources that it declares or must keep away from, in the order of the file.
    pub resources: Vec<Resource>,
    /// Steps of a portal template, if the play is one.
    pub actions: Vec<String>,
    /// What must be settled before the work can begin.
    pub prerequisites: Vec<Words>,
    /// What is to be built, in order.
    pub steps: Vec<Words>,
    /// What its request form asks for beside the slots of the tickets; all of it must be answered.
    pub form: Vec<FormField>,
    /// How a request is handled once it is live, in order, for plays whose steps build something else.
    pub live: Vec<Words>,
    /// What in the tickets shows that it fits.
    pub fits: Option<Words>,
    /// How to take it back when it went wrong.
    pub rollback: Option<Words>,
    /// Marginal engineer-days until first use in production, the foundation not counted.
    pub build_days: ThreePoint,
    /// Share of the eligible tickets that the play really absorbs, within 0 to 1.
    pub automation_rate: ThreePoint,
    /// Minutes of the team that an absorbed ticket still takes.
    pub residual_minutes: f64,
    /// Hours a quarter that keeping it alive takes.
    pub upkeep_hours_per_quarter: f64,
    /// Who owns the result.
    pub owner: Words,
    /// 1 = a mistake is visible and undone in minutes, 4 = data loss or escalation of privileges.
    pub risk: u8,
    /// What else a builder should know.
    pub note: Option<Words>,
}

/// A field of a request form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormField {
    /// What it is called there.
    pub name: Words,
    /// The slot that it asks for by this name.
    pub slot: Option<String>,
}

/// Where a Terraform provider comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// Its key under `[providers]`, which its resources begin with: `google`.
    pub id: String,
    /// Address in the registry: `hashicorp/google`.
    pub source: String,
    /// Version constraint for a new configuration.
    pub version: String,
    /// How it is given its credentials, or a trap.
    pub note: Option<Words>,
}

/// A Terraform resource or data source of a play.
#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    /// Type as its provider calls it.
    pub name: String,
    /// Name of the block, which tells two of one type apart.
    pub label: String,
    /// Whether it only reads (`data`).
    pub data: bool,
    /// What it does to what it does not list.
    pub authority: Authority,
    /// Whether it stands in the skeleton; others are named as alternatives or dangers only.
    pub draft: bool,
    /// Arguments and blocks that the provider demands.
    pub required: Vec<String>,
    /// Optional arguments and blocks that are used here.
    pub optional: Vec<String>,
    /// Where the arguments get their values, in the order of the file.
    pub fill: Vec<Fill>,
    /// Names of entry values that make one object; empty for those of the required arguments.
    pub key: Vec<String>,
    /// Entry value that an entry must have for this resource to be made of it.
    pub when: Option<String>,
    /// System that an entry must be about for this resource to be made of it.
    pub system: Option<String>,
    /// Entry value past which no resource is made of an entry, for objects that do not end by themselves.
    pub ends: Option<Fill>,
    /// Resources that must not manage the same objects.
    pub never_with: Vec<String>,
    /// Id for an import block: arguments in braces, names in capitals for what no row gives.
    pub import: Option<String>,
    /// A trap or a default worth knowing.
    pub note: Option<Words>,
}

/// What a resource does to what it does not list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Authority {
    /// Adds one grant or member and leaves all others alone.
    Additive,
    /// Is one object with all its settings.
    Object,
    /// Holds a whole list and takes away what is not in it; never drafted.
    Authoritative,
}

/// Where one argument gets its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Fill {
    /// The argument, with the blocks it stands in before it: `roles.expiry_detail.expire_time`.
    pub path: String,
    /// Its value.
    pub value: FillValue,
}

/// A value of an argument.
#[derive(Debug, Clone, PartialEq)]
pub enum FillValue {
    /// The same for everybody.
    Constant(Constant),
    /// A block without arguments.
    EmptyBlock,
    /// Differs from entry to entry; tickets give it where it has a slot.
    Entry(Given),
    /// Given once for the whole configuration.
    Input(Given),
    /// An attribute of another resource of the play that is made of the same entry.
    Of {
        /// Type of that resource.
        resource: String,
        /// Its attribute.
        attribute: String,
    },
    /// An expression of Terraform, as written.
    Hcl(String),
}

/// A literal value.
#[derive(Debug, Clone, PartialEq)]
pub enum Constant {
    /// A text.
    Text(String),
    /// A number, as written.
    Number(String),
    /// `true` or `false`.
    Flag(bool),
    /// A list of texts.
    List(Vec<String>),
}

/// A value that somebody gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    /// Its name in the skeleton.
    pub name: String,
    /// Slot that tickets give it by.
    pub slot: Option<String>,
    /// Whether the argument is a list; the values of all entries of one object are gathered.
    pub list: bool,
    /// Whether it may be missing although the block around it may not.
    pub optional: bool,
    /// Whether a request that does not give it asks for something else, so that no row is made of it.
    pub decides: bool,
    /// Text around the value, which stands for `{}`.
    pub template: Option<String>,
    /// What a request form asks for it by, where no slot does.
    pub ask: Option<Words>,
    /// What it must look like.
    pub shape: Shape,
}

/// What a value must look like. What does not fit is left for a person to write.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shape {
    /// Regex over the whole value, in the syntax that Rust and Terraform share.
    pub pattern: Option<String>,
    /// Regex for what a row must not give, found anywhere in a value or in a ticket's words: `admin`, `owner`.
    pub reject: Option<String>,
    /// The only values allowed, each with words of tickets that mean it.
    pub choices: Vec<Choice>,
    /// What stands for a value that is not given.
    pub default: Option<String>,
    /// The input, given once for the whole configuration, that stands for a value that is not given.
    pub fallback: Option<String>,
    /// Put before a value of a ticket that fits only with it: `user:`.
    pub lead: Option<String>,
    /// Put before a value that ends so, in the place of `lead`: `serviceAccount:` before `….gserviceaccount.com`.
    pub lead_for: Vec<Lead>,
    /// Whether it is an instant, so that a day of a ticket stands for the one at which it ends.
    pub day_end: bool,
    /// Only what stands behind the last of these counts: `owner/name` with `/` is `name`.
    pub after: Option<String>,
    /// Only what stands before the first of these characters counts: `project.dataset` with `.:` is `project`.
    pub before: Option<String>,
}

/// What leads values of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lead {
    /// How such a value ends.
    pub end: String,
    /// What is put before it.
    pub lead: String,
}

/// A value that may be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The value.
    pub value: String,
    /// Words of tickets that mean it, normalised.
    pub words: Vec<String>,
}

impl Play {
    /// Returns the resources of the skeleton, in order.
    pub fn drafted(&self) -> impl Iterator<Item = &Resource> {
        self.resources.iter().filter(|resource| resource.draft)
    }

    /// Returns the slots that every request must fill to become a row: those that decide whether it is one, and those
    /// that each row's resources cannot do without.
    #[must_use]
    pub fn needs(&self) -> BTreeSet<&str> {
        let always = |resource: &&Resource| resource.when.is_none() && resource.system.is_none();
        let indispensable = self.drafted().filter(always).flat_map(|resource| {
            resource.entries().filter(|(fill, given)| {
                resource.demands(&fill.path) && given.is_indispensable() && !given.list
            })
        });
        let deciding = self
            .drafted()
            .flat_map(Resource::entries)
            .filter(|(_, given)| given.decides);
        indispensable
            .chain(deciding)
            .filter_map(|(_, given)| given.slot.as_deref())
            .collect()
    }
}

impl Given {
    /// Whether a resource that demands the value cannot be made of an entry without it.
    #[must_use]
    pub fn is_indispensable(&self) -> bool {
        !self.optional && self.shape.default.is_none() && self.shape.fallback.is_none()
    }
}

impl Resource {
    /// Returns the id of the provider: what stands before the first underscore.
    #[must_use]
    pub fn provider(&self) -> &str {
        self.name.split('_').next().unwrap_or(&self.name)
    }

    /// Returns the values that entries give it, in order; a value used twice comes twice.
    pub fn entries(&self) -> impl Iterator<Item = (&Fill, &Given)> {
        let fills = self.fill.iter().chain(&self.ends);
        fills.filter_map(|fill| match &fill.value {
            FillValue::Entry(given) => Some((fill, given)),
            _ => None,
        })
    }

    /// Says whether an argument or block is demanded by the provider.
    #[must_use]
    pub fn demands(&self, path: &str) -> bool {
        self.required.iter().any(|required| required == head(path))
    }
}

/// The argument or outermost block of a path.
pub(super) fn head(path: &str) -> &str {
    path.split('.').next().unwrap_or(path)
}
