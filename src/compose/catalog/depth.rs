//! One entry of a taxonomy in depth: what it says of itself, and what belongs to it.

use crate::compose::catalog::Told;
use crate::report::{Cell, Report, Table, View};
use crate::taxonomy::{Pattern, Play, Slot, SubPattern};

impl Told<'_> {
    pub(super) fn pattern_in_depth(&self, pattern: &Pattern) -> Report {
        let subs = pattern.subs.iter().map(|sub| self.sub(pattern, sub));
        let table = self.kinds(std::iter::once(self.pattern(pattern)).chain(subs));
        let kinds = self.section(self.pick("サブパターン", "Sub-patterns"), table, "");
        let cues = self.cues(&[(&pattern.id, &pattern.cues, &pattern.negative)]);
        let toil = match pattern.toil_default {
            true => self.pick(
                "断りがなければトイルと数える。",
                "Counted as toil unless shown otherwise.",
            ),
            false => self.pick("トイルとは数えない。", "Not counted as toil."),
        };
        let mut headline = vec![toil.to_owned()];
        headline.extend(self.formerly(&pattern.id));
        self.report(
            heading(&pattern.id, pattern.name.get(self.settings.lang)),
            headline,
            vec![kinds, cues],
        )
    }

    pub(super) fn sub_in_depth(&self, pattern: &Pattern, sub: &SubPattern) -> Report {
        let of = |ids: &[String], need: &'static str| {
            let slots: Vec<_> = ids.iter().filter_map(|id| self.taxonomy.slot(id)).collect();
            slots.into_iter().map(move |slot| (slot, need))
        };
        let kinds = self.kinds(std::iter::once(self.sub(pattern, sub)));
        let sections = vec![
            self.section(self.pick("概要", "At a glance"), kinds, ""),
            self.cues(&[(&sub.id, &sub.cues, &sub.negative)]),
            self.slots(of(&sub.slots.required, "required").chain(of(&sub.slots.optional, "optional"))),
            self.plays(sub.plays.iter().filter_map(|id| self.taxonomy.play(id))),
        ];
        self.report(
            heading(&sub.id, sub.name.get(self.settings.lang)),
            self.conditions(sub),
            sections,
        )
    }

    /// What must hold for a sub-pattern, and what its work is like.
    fn conditions(&self, sub: &SubPattern) -> Vec<String> {
        let systems: Vec<&str> = sub
            .systems
            .iter()
            .filter_map(|id| self.taxonomy.system(id))
            .map(|system| system.label.as_str())
            .collect();
        let systems = systems.join(self.pick("、", ", "));
        let mut lines = Vec::new();
        if !systems.is_empty() {
            lines.push(match sub.require_system {
                true => self.pick(
                    format!("次のいずれかの名が要る: {systems}"),
                    format!("One of these must be named: {systems}"),
                ),
                false => self.pick(format!("対象: {systems}"), format!("About: {systems}")),
            });
        }
        if sub.require_own_cue {
            lines.push(
                self.pick(
                    "自身の手がかりが少なくとも 1 つ要る。",
                    "At least one cue of its own must speak.",
                )
                .to_owned(),
            );
        }
        if let Some(m) = sub.minutes {
            let (low, likely, high) = (m.low, m.likely, m.high);
            lines.push(self.pick(
                format!("1 件の作業 {likely} 分 [{low}, {high}] (80 % 区間、実測でなく見積り)"),
                format!("{likely} minutes of work a ticket [{low}, {high}], an 80 % range; a guess, not a measurement"),
            ));
        }
        let risk = sub.risk;
        lines.push(self.pick(
            format!(
                "リスク {risk} (1 = 数分で戻せる … 4 = データ消失・権限昇格)、{}",
                if sub.reversible {
                    "元に戻せる"
                } else {
                    "元に戻せない"
                }
            ),
            format!(
                "Risk {risk} (1 = undone in minutes ... 4 = data loss, escalation of privileges), {}",
                if sub.reversible {
                    "reversible"
                } else {
                    "not reversible"
                }
            ),
        ));
        if let Some(approval) = &sub.approval {
            lines.push(self.pick(
                format!("承認: {}", approval.ja),
                format!("Approval: {}", approval.en),
            ));
        }
        lines.extend(self.formerly(&sub.id));
        lines
    }

    /// Ids that stand for this one today.
    fn formerly(&self, id: &str) -> Option<String> {
        let steps = self.taxonomy.lineage.iter().map(|step| step.from.as_str());
        let mut before: Vec<&str> = steps
            .filter(|from| *from != id && self.taxonomy.current_id(from) == Some(id))
            .collect();
        before.sort_unstable();
        before.dedup();
        let ids = before.join(", ");
        (!ids.is_empty()).then(|| self.pick(format!("以前の id: {ids}"), format!("Formerly {ids}")))
    }

    pub(super) fn slot_in_depth(&self, slot: &Slot) -> Report {
        let all = self
            .taxonomy
            .patterns
            .iter()
            .flat_map(|p| p.subs.iter().map(move |sub| (p, sub)));
        let asking = all.filter(|(_, sub)| {
            let needs = [&sub.slots.required, &sub.slots.optional];
            needs.iter().any(|ids| ids.contains(&slot.id))
        });
        let kinds = self.kinds(asking.map(|(pattern, sub)| self.sub(pattern, sub)));
        let sections = vec![
            self.slots(std::iter::once((slot, ""))),
            self.section(
                self.pick("これを求めるサブパターン", "Asked for by"),
                kinds,
                self.pick("どのサブパターンも求めていない", "No sub-pattern asks for it"),
            ),
        ];
        self.report(
            heading(&slot.id, slot.name.get(self.settings.lang)),
            Vec::new(),
            sections,
        )
    }

    pub(super) fn play_in_depth(&self, play: &Play) -> Report {
        let all = self
            .taxonomy
            .patterns
            .iter()
            .flat_map(|p| p.subs.iter().map(move |sub| (p, sub)));
        let fitting = all.filter(|(_, sub)| sub.plays.contains(&play.id));
        let kinds = self.kinds(fitting.map(|(pattern, sub)| self.sub(pattern, sub)));
        let mut resources = Table::new("resources", &["name", "required", "note"]);
        for resource in &play.resources {
            resources.push(vec![
                ("name", Cell::text(&resource.name)),
                ("required", Cell::list(&resource.required)),
                (
                    "note",
                    Cell::maybe_text(resource.note.as_ref().map(|note| note.get(self.settings.lang))),
                ),
            ]);
        }
        resources.views = vec![
            View::words(self.pick("リソース", "resource"), "name"),
            View::words(self.pick("必須の引数", "required arguments"), "required"),
            View::words(self.pick("注意", "note"), "note"),
        ];
        let sections = vec![
            self.plays(std::iter::once(play)),
            self.section(
                self.pick("Terraform リソース", "Terraform resources"),
                resources,
                self.pick("Terraform リソースはない", "It declares no Terraform resource"),
            ),
            self.section(
                self.pick("これが合うサブパターン", "Fits"),
                kinds,
                self.pick("合うサブパターンはない", "No sub-pattern names it"),
            ),
        ];
        let said = [
            (self.pick("やり方", "How"), &play.means),
            (self.pick("合う場面", "Fits where"), &play.fits),
            (self.pick("戻し方", "To take it back"), &play.rollback),
            (self.pick("注意", "Note"), &play.note),
        ];
        let headline = said
            .into_iter()
            .filter_map(|(label, words)| {
                let words = words.as_ref()?.get(self.settings.lang);
                Some(format!("{label}: {words}"))
            })
            .collect();
        self.report(
            heading(&play.id, play.title.get(self.settings.lang)),
            headline,
            sections,
        )
    }
}

fn heading(id: &str, name: &str) -> String {
    format!("{id} – {name}")
}

#[cfg(test)]
mod tests {
    use crate::compose::catalog::{Entry, in_depth};
    use crate::config::{Overrides, Settings};
    use crate::taxonomy::{Lang, Taxonomy};

    #[test]
    fn every_line_about_a_play_says_what_it_is_about() {
        let taxonomy = Taxonomy::builtin().expect("valid");
        for lang in [Lang::Ja, Lang::En] {
            let settings = Settings::resolve(Overrides::default(), lang).expect("defaults are valid");
            let labels = match lang {
                Lang::Ja => ["やり方: ", "合う場面: ", "戻し方: ", "注意: "],
                Lang::En => ["How: ", "Fits where: ", "To take it back: ", "Note: "],
            };
            let mut seen = [false; 4];
            for play in &taxonomy.plays {
                for line in in_depth(&Entry::Play(play), &taxonomy, &settings).headline {
                    let at = labels.iter().position(|label| line.starts_with(label));
                    assert!(at.is_some(), "{}: {line}", play.id);
                    at.into_iter().for_each(|at| seen[at] = true);
                }
            }
            assert_eq!(seen, [true; 4]);
        }
    }
}
