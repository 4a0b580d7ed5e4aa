//! Why one ticket got its pattern, in words: what spoke, what was passed over, and what would have changed it.

mod changes;
mod headline;
mod reading;
mod words;

use crate::classify::explain::Explanation;
use crate::classify::{Assignment, Desk, Labels};
use crate::compose::quotes::{Around, Quotes};
use crate::compose::scene::Scene;
use crate::compose::tickets;
use crate::compose::words::counted;
use crate::report::{Align, Cell, Grid, Head, Section, Table, View};
use crate::ticket::Ticket;

/// Longest stretch of a ticket that is shown, in characters.
const LONGEST_STRETCH: usize = 160;
/// Most stretches of a ticket that people are shown; machine formats have all.
const STRETCHES_SHOWN: usize = 80;

/// Builds title, headline and parts for the ticket at a place of the analysis.
pub(super) fn report(scene: &Scene<'_>, at: usize, labels: &Labels) -> (String, Vec<String>, Vec<Section>) {
    let analysis = scene.analysis;
    let windows = analysis.windows();
    let desk = Desk {
        tickets: &analysis.tickets,
        windows: &windows,
        people: &analysis.people,
        taxonomy: scene.taxonomy,
        labels,
    };
    let told = Told {
        scene,
        ticket: analysis.tickets[at],
        found: &analysis.assignments[at],
        why: desk.explain(at),
        quotes: Quotes::new(analysis.tickets[at], Around::Whole, |text| scene.redacted(text)),
    };
    let name = told
        .ticket
        .title
        .as_deref()
        .map(|title| headed(&scene.show(title)));
    let title = match name.filter(|title| !title.is_empty()) {
        Some(title) => format!("{}: {title}", told.ticket.id.as_str()),
        None => told.ticket.id.as_str().to_owned(),
    };
    let sections = vec![
        told.facts(at),
        told.changes(),
        told.evidence(),
        told.stretches(),
        told.chances(),
        told.slots(),
    ];
    (title, told.headline(), sections)
}

/// The title as a heading has room for it.
fn headed(title: &str) -> String {
    match title.char_indices().nth(LONGEST_STRETCH) {
        Some((end, _)) => format!("{}…", &title[..end]),
        None => title.to_owned(),
    }
}

struct Told<'a> {
    scene: &'a Scene<'a>,
    ticket: &'a Ticket,
    found: &'a Assignment,
    why: Explanation,
    quotes: Quotes<'a>,
}

impl Told<'_> {
    fn pick<T>(&self, ja: T, en: T) -> T {
        self.scene.pick(ja, en)
    }

    /// One row as `tickets` has it for machines, the same in words for people.
    fn facts(&self, at: usize) -> Section {
        let mut table = tickets::empty();
        table.push(tickets::row(self.scene, at));
        let found = self.found;
        let none = || "–".to_owned();
        let missing = self.missing();
        let group = found.group.as_deref();
        let members = self
            .scene
            .analysis
            .assignments
            .iter()
            .filter(|other| group.is_some() && other.group.as_deref() == group)
            .count();
        let rows = [
            (
                self.pick("パターン", "pattern"),
                format!("{} ({})", self.scene.pattern_name(&found.pattern), found.pattern),
            ),
            (
                self.pick("サブパターン", "sub-pattern"),
                found
                    .subpattern
                    .as_ref()
                    .map_or_else(none, |id| format!("{} ({id})", self.scene.subpattern_name(id))),
            ),
            (
                self.pick("グループ", "group"),
                group.map_or_else(none, |id| {
                    let name = self.scene.group_name(id);
                    self.pick(
                        format!("{name}、{members} 件"),
                        format!("{name}, {}", counted(members, "ticket")),
                    )
                }),
            ),
            (self.pick("決めたもの", "decided by"), self.method()),
            (
                self.pick("副次の依頼", "asked for too"),
                self.asked_too().unwrap_or_else(none),
            ),
            (
                self.pick("足りない情報", "not said"),
                missing.unwrap_or_else(none),
            ),
        ];
        let head = |text: &str| Head {
            text: text.to_owned(),
            align: Align::Left,
            from_width: 0,
        };
        table.pivot = Some(Grid {
            heads: vec![head(self.pick("判定", "decision")), head("")],
            rows: rows.map(|(name, value)| vec![name.to_owned(), value]).to_vec(),
            total: None,
        });
        Section {
            table: Some(table),
            ..Section::default()
        }
    }

    /// The pattern of the second request, with its words as they were written.
    fn asked_too(&self) -> Option<String> {
        let name = self.scene.pattern_name(self.found.secondary.as_ref()?);
        let words = self.why.second.as_ref().map(|(origin, range)| {
            let quote = self.quotes.quote(*origin, range, LONGEST_STRETCH);
            self.pick(format!("「{quote}」"), format!(": “{quote}”"))
        });
        Some(format!("{name}{}", words.unwrap_or_default()))
    }

    /// Names of the required slots that nothing fills.
    fn missing(&self) -> Option<String> {
        let (_, sub) = self.scene.taxonomy.sub(self.found.subpattern.as_deref()?)?;
        let open = sub
            .slots
            .required
            .iter()
            .filter(|id| !self.found.slots_present.contains(id));
        let names: Vec<&str> = open
            .filter_map(|id| self.scene.taxonomy.slot(id))
            .map(|slot| slot.name.get(self.scene.lang()))
            .collect();
        (!names.is_empty()).then(|| names.join(self.pick("、", ", ")))
    }

    fn slots(&self) -> Section {
        let mut table = Table::new("slots", &["id", "name", "need", "present"]);
        let sub = self.found.subpattern.as_deref();
        let needs = sub
            .and_then(|id| self.scene.taxonomy.sub(id))
            .map(|(_, sub)| &sub.slots);
        let listed = needs.into_iter().flat_map(|needs| {
            let required = needs.required.iter().map(|id| ("required", id));
            required.chain(needs.optional.iter().map(|id| ("optional", id)))
        });
        for (need, id) in listed {
            let name = self
                .scene
                .taxonomy
                .slot(id)
                .map(|slot| slot.name.get(self.scene.lang()));
            table.push(vec![
                ("id", Cell::text(id)),
                ("name", Cell::maybe_text(name)),
                ("need", Cell::text(need)),
                ("present", Cell::Flag(self.found.slots_present.contains(id))),
            ]);
        }
        let names = [
            ("required", self.pick("必須", "required")),
            ("optional", self.pick("任意", "optional")),
        ];
        let names = names.map(|(code, name)| (code.to_owned(), name.to_owned()));
        table.views = vec![
            View::words(self.pick("情報", "slot"), "name"),
            View::named(self.pick("要否", "need"), "need", names.into()),
            View::words(self.pick("あり", "there"), "present"),
        ];
        let empty = table.rows.is_empty();
        let mut section = self.section(
            self.pick("依頼に書かれている情報", "What the request says"),
            table,
        );
        if empty {
            section.lead = vec![
                self.pick(
                    "サブパターンがはっきりしないので、必要な情報も決まらない。",
                    "Without a clear sub-pattern nothing particular must be said.",
                )
                .to_owned(),
            ];
            if let Some(table) = &mut section.table {
                table.pivot = Some(Grid::default());
            }
        }
        section
    }

    fn section(&self, title: &str, table: Table) -> Section {
        Section {
            title: title.to_owned(),
            table: Some(table),
            ..Section::default()
        }
    }
}
