//! When what goes wrong: by script, at the n-th request of a kind, or by chance with a seed.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::desk::Desk;
use super::faults::Fault;
use super::http::Request;
use super::ids::{digest, mix};
use super::log::Kind;

type Test = Arc<dyn Fn(&Request) -> bool + Send + Sync>;

/// Which requests: those that pass a test, from the n-th on, a number of times.
#[derive(Clone)]
pub(crate) struct When {
    test: Test,
    first: usize,
    times: usize,
}

impl When {
    /// The first request of all.
    pub(crate) fn any() -> Self {
        Self::that(|_| true)
    }

    /// The first request of that kind.
    pub(crate) fn kind(kind: Kind) -> Self {
        Self::that(move |request| Kind::of(request) == kind)
    }

    /// The first request whose address holds `text`, an id for instance.
    pub(crate) fn address(text: &str) -> Self {
        let text = text.to_owned();
        Self::that(move |request| request.target().contains(&text))
    }

    /// The first request that passes `test`.
    pub(crate) fn that(test: impl Fn(&Request) -> bool + Send + Sync + 'static) -> Self {
        Self {
            test: Arc::new(test),
            first: 1,
            times: 1,
        }
    }

    /// The n-th such request, counted from 1, tries of one request apart.
    pub(crate) fn nth(mut self, n: usize) -> Self {
        self.first = n;
        self
    }

    /// That many from there on.
    pub(crate) fn times(mut self, times: usize) -> Self {
        self.times = times;
        self
    }

    /// All from there on.
    pub(crate) fn forever(self) -> Self {
        self.times(usize::MAX)
    }
}

/// Faults by chance.
#[derive(Clone, Debug)]
pub(crate) struct Chance {
    pub(crate) seed: u64,
    /// How many of 100 tries meet a fault.
    pub(crate) percent: u64,
    /// The most faults in a row for one request, so that a persistent client gets through.
    pub(crate) in_a_row: u64,
    /// What may happen, equally often.
    pub(crate) faults: Vec<Fault>,
}

enum Act {
    Fault(Fault),
    Change(Box<dyn FnMut(&mut Desk) + Send>),
}

struct Script {
    when: When,
    seen: usize,
    act: Act,
}

impl Script {
    /// Counts the request, and says whether the act is due.
    fn is_due(&mut self, request: &Request) -> bool {
        if !(self.when.test)(request) {
            return false;
        }
        self.seen += 1;
        let since = self.seen.checked_sub(self.when.first);
        since.is_some_and(|since| since < self.when.times)
    }
}

#[derive(Clone, Copy, Default)]
struct Tries {
    all: u64,
    failed_in_a_row: u64,
}

/// All scripts, and chance.
#[derive(Default)]
pub(crate) struct Plan {
    scripts: Vec<Script>,
    chance: Option<Chance>,
    tries: BTreeMap<u64, Tries>,
}

impl Plan {
    pub(crate) fn fault(&mut self, when: When, fault: Fault) {
        self.script(when, Act::Fault(fault));
    }

    pub(crate) fn change(&mut self, when: When, change: impl FnMut(&mut Desk) + Send + 'static) {
        self.script(when, Act::Change(Box::new(change)));
    }

    fn script(&mut self, when: When, act: Act) {
        self.scripts.push(Script { when, seen: 0, act });
    }

    pub(crate) fn by_chance(&mut self, chance: Chance) {
        self.chance = Some(chance);
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Changes the desk if a change is due, and says so; and the fault that is due: the first by script, else by
    /// chance.
    pub(crate) fn due(&mut self, request: &Request, desk: &mut Desk) -> (bool, Option<Fault>) {
        let (mut changed, mut fault) = (false, None);
        for script in &mut self.scripts {
            let due = script.is_due(request);
            match &mut script.act {
                Act::Change(change) if due => {
                    change(desk);
                    changed = true;
                }
                Act::Fault(scripted) if due && fault.is_none() => fault = Some(scripted.clone()),
                _ => (),
            }
        }
        (changed, fault.or_else(|| self.draw(request)))
    }

    /// Chance depends on the request and on how often it came, not on when others come.
    fn draw(&mut self, request: &Request) -> Option<Fault> {
        let chance = self.chance.as_ref().filter(|chance| !chance.faults.is_empty())?;
        let text = [
            request.method.as_bytes(),
            request.target().as_bytes(),
            &request.body,
        ]
        .concat();
        let key = digest(&text);
        let tries = self.tries.entry(key).or_default();
        tries.all += 1;
        let draw = mix(mix(chance.seed ^ key) ^ tries.all);
        if draw % 100 >= chance.percent || tries.failed_in_a_row >= chance.in_a_row {
            tries.failed_in_a_row = 0;
            return None;
        }
        tries.failed_in_a_row += 1;
        let which = mix(draw) % chance.faults.len() as u64;
        usize::try_from(which)
            .ok()
            .map(|which| chance.faults[which].clone())
    }
}
