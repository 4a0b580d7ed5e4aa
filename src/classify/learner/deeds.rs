//! What the clauses of a ticket do for it, and what its leading clauses want.

use crate::classify::act::{self, Act};
use crate::classify::clause::Role;
use crate::classify::learner::feature::{Kind, List, hash, points};
use crate::classify::learner::features::Seen;
use crate::classify::prose::Field;
use crate::taxonomy::Taxonomy;

/// What a clause does for the ticket, with what its form field is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    /// Leads: it asks, or the ticket asks for nothing and this is what it says.
    Leads(Act),
    AsksEarlier,
    /// Asks for something on top of what was asked before.
    AsksMore,
    /// States something beside what is asked for.
    States(Act),
    Explains,
    Concedes,
    Reports,
    Denies,
    /// An answer that says where, who or when; a quote.
    Aside,
}

impl Deed {
    pub(super) fn of(role: Role, factor: f64, asks: bool, clause: &str) -> Self {
        match role {
            _ if factor < 0.35 => Self::Aside,
            _ if factor < 0.45 => Self::Explains,
            Role::Request => Self::Leads(act::act(clause).min(Act::Order)),
            Role::EarlierRequest => Self::AsksEarlier,
            Role::FurtherRequest => Self::AsksMore,
            Role::Statement => match act::act(clause) {
                act if act <= Act::Order || !asks => Self::Leads(act),
                act => Self::States(act),
            },
            Role::Reason => Self::Explains,
            Role::Concession => Self::Concedes,
            Role::Done if asks => Self::Reports,
            Role::Done => Self::Leads(act::act(clause).max(Act::Tell)),
            Role::Negated => Self::Denies,
        }
    }

    pub(super) fn asks(self) -> bool {
        matches!(self, Self::Leads(act) if act <= Act::Order)
    }

    pub(super) fn states(self) -> bool {
        matches!(self, Self::Leads(_) | Self::States(_))
    }

    /// Says whether its words are not what the ticket is about: denied, tried in vain, somebody else's, asked for on top.
    pub(super) fn is_beside(self) -> bool {
        matches!(self, Self::Denies | Self::Concedes | Self::Aside | Self::AsksMore)
    }

    /// A number of its own for each deed.
    pub(super) fn tag(self) -> u8 {
        match self {
            Self::AsksEarlier => 1,
            Self::AsksMore => 2,
            Self::Explains => 3,
            Self::Concedes => 4,
            Self::Reports => 5,
            Self::Denies => 6,
            Self::Aside => 7,
            Self::States(act) => 10 + act as u8,
            Self::Leads(act) => 30 + act as u8,
        }
    }
}

/// What the leading clauses of a ticket want, and of what.
#[derive(Default)]
pub(super) struct Acts<'t> {
    /// Act and concepts of each leading clause, in order.
    leading: Vec<(Field, Act, Vec<&'t str>)>,
    /// Whether something is complained of, if only beside what is asked for.
    suffers: bool,
}

impl<'t> Acts<'t> {
    pub(super) fn hear(&mut self, field: Field, deed: Deed, concepts: Vec<&'t str>) {
        match deed {
            Deed::Leads(act) => {
                self.suffers |= act == Act::Suffer;
                self.leading.push((field, act, concepts));
            }
            Deed::States(act) => self.suffers |= act == Act::Suffer,
            _ => {}
        }
    }

    /// The last clause that asks; else the last that complains, tells or says.
    fn main(&self) -> Option<&(Field, Act, Vec<&'t str>)> {
        let last = |wanted: &dyn Fn(Act) -> bool| self.leading.iter().rev().find(|(_, act, _)| wanted(*act));
        last(&|act| act <= Act::Order)
            .or_else(|| last(&|act| act == Act::Suffer))
            .or_else(|| last(&|act| act == Act::Tell))
            .or_else(|| last(&|_| true))
    }

    pub(super) fn tell(&self, seen: &Seen<'_>, taxonomy: &Taxonomy, list: &mut List) {
        for (field, act, _) in &self.leading {
            list.add(Kind::Act, *act as u8, field.as_str(), None);
        }
        let Some((_, main, concepts)) = self.main() else {
            return;
        };
        let main = *main as u8;
        list.add(Kind::Act, 32 + main, "", None);
        let suffers = if self.suffers { "suffers" } else { "" };
        list.add(Kind::Act, 64 + main, suffers, None);
        let titled = self
            .leading
            .iter()
            .rev()
            .find(|(field, ..)| *field == Field::Title);
        if let Some((_, act, _)) = titled {
            list.push(
                Kind::Act,
                1.0,
                hash(Kind::Act, 96 + main, &[&(*act as u8).to_string()]),
                None,
            );
        }
        let named = concepts
            .iter()
            .chain(titled.iter().flat_map(|(_, _, named)| named));
        for concept in named {
            list.add(Kind::Frame, main, concept, None);
            list.push(
                Kind::Frame,
                1.0,
                hash(Kind::Frame, 32 + main, &[concept, suffers]),
                None,
            );
        }
        for (at, one) in concepts.iter().enumerate() {
            for other in &concepts[at + 1..] {
                list.push(Kind::Frame, 1.0, hash(Kind::Frame, 64, &[one, other]), None);
            }
        }
        if let Some(best) = seen.verdict.best {
            let best = &taxonomy.patterns[best.pattern].id;
            list.push(Kind::Frame, 1.0, hash(Kind::Frame, 96 + main, &[best]), None);
            if seen.verdict.sure {
                list.push(Kind::Frame, 1.0, hash(Kind::Frame, 128 + main, &[best]), None);
            }
        }
        for (pattern, score) in taxonomy.patterns.iter().zip(&seen.verdict.scores) {
            if *score > 0.0 {
                list.push(
                    Kind::Score,
                    points(*score),
                    hash(Kind::Score, 32 + main, &[&pattern.id]),
                    None,
                );
            }
        }
    }
}
