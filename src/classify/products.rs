//! Learns the names of a company's own products from its tickets, so that groups are not products.
//!
//! "kawasemi-api", "minamo-kawasemi-prd" and "kawasemi の 502" share a word that says who asks, not what is asked for.
//! Services, projects and repositories are recognised by their shape; the words they are made of are product names
//! wherever else they stand, unless the taxonomy knows them as a tool.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::classify::cluster::Item;
use crate::taxonomy::Taxonomy;
use crate::text::{Entity, EntityKind};

/// Tickets in which a word must be part of such a name before it counts as a product.
const LEAST_TICKETS: usize = 2;

/// Parts of names that say what a thing is for, not whose it is.
const GENERIC: [&str; 44] = [
    "admin",
    "api",
    "app",
    "apps",
    "backend",
    "base",
    "batch",
    "bff",
    "ci",
    "client",
    "cluster",
    "common",
    "config",
    "core",
    "cron",
    "data",
    "db",
    "deploy",
    "dev",
    "docs",
    "frontend",
    "gateway",
    "infra",
    "job",
    "jobs",
    "lib",
    "loader",
    "main",
    "mobile",
    "prd",
    "prod",
    "production",
    "qa",
    "sandbox",
    "server",
    "service",
    "shared",
    "staging",
    "stg",
    "test",
    "tools",
    "web",
    "worker",
    "infrastructure",
];

/// The product names of a set of tickets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Products(HashSet<String>);

impl Products {
    /// Learns from the name parts that each ticket has (see [`name_parts`]).
    #[must_use]
    pub fn learn<'a>(tickets: impl Iterator<Item = &'a BTreeSet<String>>, taxonomy: &Taxonomy) -> Self {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for part in tickets.flatten() {
            *counts.entry(part).or_default() += 1;
        }
        let is_tool = |part: &str| {
            taxonomy
                .systems
                .iter()
                .any(|system| system.alias.iter().any(|alias| alias.is_match(part)))
        };
        let often = counts
            .into_iter()
            .filter(|(_, count)| *count >= LEAST_TICKETS)
            .map(|(part, _)| part);
        Self(often.filter(|part| !is_tool(part)).map(str::to_owned).collect())
    }

    /// Drops product names from what clustering sees.
    #[must_use]
    pub fn stripped(&self, mut item: Item) -> Item {
        item.tokens.retain(|word| !self.0.contains(word));
        item.words.retain(|word| !self.0.contains(word));
        item
    }
}

/// Lists the words that names of services, projects and repositories in a normalised text are made of.
#[must_use]
pub fn name_parts(text: &str, entities: &[Entity]) -> BTreeSet<String> {
    let named = |entity: &&Entity| {
        matches!(
            entity.kind,
            EntityKind::Service | EntityKind::Project | EntityKind::Repository
        )
    };
    entities
        .iter()
        .filter(named)
        .flat_map(|entity| entity.value(text).split(['-', '_', '/', '.']))
        .filter(|part| {
            part.len() >= 3 && part.bytes().all(|b| b.is_ascii_lowercase()) && !GENERIC.contains(part)
        })
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Item, Products, name_parts};
    use crate::taxonomy::Taxonomy;
    use crate::text::Recognizer;

    fn parts(text: &str) -> BTreeSet<String> {
        name_parts(text, &Recognizer::new(&BTreeSet::new()).find(text))
    }

    #[test]
    fn a_product_is_learnt_from_the_names_of_its_parts() {
        let tickets = [
            parts("kawasemi-api が遅い"),
            parts("minamo-kawasemi-prd の権限"),
            parts("github-api が遅い"),
            parts("github-worker"),
        ];
        let products = Products::learn(tickets.iter(), &Taxonomy::builtin().expect("valid"));
        let words = ["kawasemi", "github", "api", "権限"].map(str::to_owned).to_vec();
        let item = products.stripped(Item {
            words,
            ..Item::default()
        });
        assert_eq!(
            item.words,
            ["github", "api", "権限"],
            "a tool is no product, and neither is what a part is for"
        );
    }

    #[test]
    fn one_ticket_makes_no_product() {
        let tickets = [parts("lonely-api が遅い")];
        assert_eq!(
            Products::learn(tickets.iter(), &Taxonomy::builtin().expect("valid")),
            Products::default()
        );
    }
}
