//! The draft of a candidate: what starts the work on Monday, as files.
//!
//! Terraform comes from [`automation::draft`](crate::automation::draft); here are the words around it, in Japanese or
//! English: proposal, request form, runbook, checklist, and a README that says in which order they are used.

mod aim;
mod base;
mod bundle;
mod checklist;
mod figures;
mod form;
mod heard;
mod proposal;
mod readme;
mod runbook;
mod words;

use std::collections::BTreeSet;

use crate::automation::Candidate;
use crate::automation::draft::{Configuration, File, Ground, Request, configuration};
use crate::compose::scene::Scene;
use crate::compose::words::counted;
use crate::taxonomy::{Play, SubPattern};
use crate::text::{Redactor, fold};
use crate::ticket::Ticket;

use self::aim::Aim;

/// A draft: its files, in the order of their paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The files, none outside of the draft's folder.
    pub files: Vec<File>,
    /// What the reader should know beside the files, in one line each.
    pub notes: Vec<String>,
}

/// What is drafted, gathered once for all files.
struct Subject<'s, 'a> {
    scene: &'s Scene<'a>,
    ground: Ground<'s>,
    /// The ranked candidate; `None` for a play that is not ranked.
    candidate: Option<&'s Candidate>,
    plays: Vec<&'s Play>,
    subs: Vec<&'s SubPattern>,
    /// Places of the requests among the analysed tickets, in the order of the requests.
    places: Vec<usize>,
    configurations: Vec<(&'s Play, Configuration)>,
}

impl Subject<'_, '_> {
    fn play(&self) -> &Play {
        self.plays[0]
    }

    fn pick<T>(&self, ja: T, en: T) -> T {
        self.scene.pick(ja, en)
    }

    /// Who has to approve what is asked for, in words; empty if nobody has to.
    fn approvers(&self) -> String {
        let who = self.subs.iter().filter_map(|sub| sub.approval.as_ref());
        let who = distinct(who.map(|who| who.get(self.scene.lang())));
        who.join(self.pick("、", "; "))
    }

    fn title(&self) -> String {
        let titles: Vec<&str> = self
            .plays
            .iter()
            .map(|play| play.title.get(self.scene.lang()))
            .collect();
        titles.join(self.pick("、", "; "))
    }
}

impl Scene<'_> {
    /// Lists the ids that can be drafted: candidates by rank, then bundles, then the plays that are not ranked.
    #[must_use]
    pub fn draftable(&self) -> Vec<&str> {
        let ranked = self
            .analysis
            .ranking
            .candidates
            .iter()
            .map(|candidate| candidate.id.as_str());
        let mut ids: Vec<&str> = ranked.collect();
        let bundles = self.analysis.ranking.bundles.iter().map(|bundle| &bundle.id);
        let plays = self.taxonomy.plays.iter().map(|play| &play.id);
        for id in bundles.chain(plays) {
            if !ids.contains(&id.as_str()) {
                ids.push(id);
            }
        }
        ids
    }

    /// Lists the candidates that share a base, by rank; none if no base has that id.
    #[must_use]
    pub fn candidates_on(&self, foundation: &str) -> Vec<&str> {
        let all = self.analysis.ranking.candidates.iter();
        let on = all.filter(|candidate| candidate.foundation.as_deref() == Some(foundation));
        on.map(|candidate| candidate.id.as_str()).collect()
    }

    /// Lists the plays that stand on a base, in the order of the taxonomy; none if no base has that id.
    #[must_use]
    pub fn plays_on(&self, foundation: &str) -> Vec<&str> {
        let all = self.taxonomy.plays.iter();
        let on = all.filter(|play| play.foundation.as_deref() == Some(foundation));
        on.map(|play| play.id.as_str()).collect()
    }

    /// Drafts a candidate, a play that is not ranked, or a bundle with all its candidates; `None` if nothing has that
    /// id.
    #[must_use]
    pub fn draft(&self, id: &str) -> Option<Draft> {
        let Some(subject) = self.subject(id) else {
            return bundle::draft(self, id);
        };
        let mut files = vec![
            readme::file(&subject),
            proposal::file(&subject),
            form::file(&subject),
            runbook::file(&subject),
            checklist::file(&subject),
        ];
        files.extend(checklist::questions(&subject));
        files.extend(readme::owners(&subject));
        for (_, configuration) in &subject.configurations {
            files.extend(configuration.files.iter().cloned());
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Some(Draft {
            files,
            notes: notes(&subject),
        })
    }

    fn subject<'s>(&'s self, id: &str) -> Option<Subject<'s, 's>> {
        let candidate = self
            .analysis
            .ranking
            .candidates
            .iter()
            .find(|candidate| candidate.id == id);
        let plays: Vec<&Play> = match candidate {
            Some(candidate) => self.taxonomy.play(&candidate.play).into_iter().collect(),
            None => self.taxonomy.play(id).into_iter().collect(),
        };
        if plays.is_empty() {
            return None;
        }
        let subs = self.served(candidate, &plays);
        let (places, requests) = self.requests(&subs);
        let ground = Ground {
            taxonomy: self.taxonomy,
            requests,
            people: &self.analysis.people,
            redactor: Redactor::new(&self.analysis.people, self.settings.seed),
            raw: self.settings.raw,
            lang: self.lang(),
            seed: self.settings.seed,
            zone: self.settings.timezone.zone().clone(),
        };
        let drafted = |play: &&'s Play| Some((*play, configuration(play, &ground)?));
        let configurations = plays.iter().filter_map(drafted).collect();
        Some(Subject {
            scene: self,
            candidate,
            plays,
            subs,
            places,
            configurations,
            ground,
        })
    }

    /// The sub-patterns that a candidate serves; of a play that is not ranked all that name it.
    fn served(&self, candidate: Option<&Candidate>, plays: &[&Play]) -> Vec<&SubPattern> {
        let subs = self.taxonomy.patterns.iter().flat_map(|pattern| &pattern.subs);
        subs.filter(|sub| match candidate {
            Some(candidate) => candidate.subpatterns.contains(&sub.id),
            None => plays.iter().any(|play| sub.plays.contains(&play.id)),
        })
        .collect()
    }

    fn requests<'s>(&'s self, subs: &[&'s SubPattern]) -> (Vec<usize>, Vec<Request<'s>>) {
        let aim = Aim::new(self.taxonomy);
        let analysed = self
            .analysis
            .tickets
            .iter()
            .zip(&self.analysis.assignments)
            .enumerate();
        let requests = analysed.filter_map(|(at, (ticket, assignment))| {
            let sub = assignment
                .subpattern
                .as_deref()
                .filter(|_| assignment.excluded.is_none())?;
            let sub = subs.iter().find(|known| known.id == sub)?;
            let request = Request {
                ticket,
                sub,
                done: self.is_done(ticket),
                removes: aim.takes(ticket),
            };
            Some((at, request))
        });
        requests.unzip()
    }

    fn is_done(&self, ticket: &Ticket) -> bool {
        let by_status = |status: &str| self.settings.done_statuses.contains(fold(status).trim());
        let closed = ticket
            .closed_at
            .is_some_and(|closed| closed.at <= self.analysis.as_of);
        closed || ticket.done == Some(true) || ticket.status.as_deref().is_some_and(by_status)
    }
}

fn notes(subject: &Subject<'_, '_>) -> Vec<String> {
    let mut notes = Vec::new();
    for (play, configuration) in &subject.configurations {
        let (rows, open) = (configuration.rows, configuration.rows - configuration.complete);
        notes.push(subject.pick(
            format!("{}: 行 {rows} 件、うち {open} 件に REPLACE_ME が残る", play.id),
            format!(
                "{}: {}, with a REPLACE_ME in {open}",
                play.id,
                counted(rows, "row")
            ),
        ));
    }
    if subject.candidate.is_none() {
        notes.push(subject.pick(
            "この施策は今回の順位に入っていない。数字のない提案になる".to_owned(),
            "this play is not ranked on these tickets, so the proposal has no figures".to_owned(),
        ));
    }
    if !subject.ground.raw && !subject.configurations.is_empty() {
        notes.push(subject.pick(
            "人とアドレスは伏せてある。値を入れるには --raw".to_owned(),
            "people and addresses are hidden; --raw writes them".to_owned(),
        ));
    }
    notes
}

/// The distinct values in order of first appearance.
fn distinct<'v>(values: impl Iterator<Item = &'v str>) -> Vec<&'v str> {
    let mut seen = BTreeSet::new();
    values
        .filter(|value| !value.is_empty() && seen.insert(*value))
        .collect()
}
