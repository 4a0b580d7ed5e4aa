//! What spoke in a ticket as a person reads it: every word once, and below each other what it spoke for and against.
//!
//! Cues have ids that only say something to whoever writes a taxonomy; machines get one row a cue with its id.

use crate::classify::Evidence;
use crate::compose::explanation::{LONGEST_STRETCH, Told};
use crate::report::{Align, Grid, Head};

/// One thing that a word spoke for or against, over all places where it stands.
struct Said<'a> {
    /// Whether the learner heard it, whose points have another unit than those of cues.
    by_learner: bool,
    target: &'a str,
    points: f64,
    fields: Vec<&'static str>,
}

/// Words of the ticket, as they were written first, with what they said.
struct Word<'a> {
    words: String,
    said: Vec<Said<'a>>,
}

impl Told<'_> {
    pub(super) fn spoken(&self) -> Grid {
        let (targets, fields) = (self.targets(), self.fields());
        let named = |names: &std::collections::BTreeMap<String, String>, code: &str| {
            names.get(code).cloned().unwrap_or_else(|| code.to_owned())
        };
        let mut rows = Vec::new();
        for word in self.words() {
            for (at, said) in word.said.iter().enumerate() {
                let target = named(&targets, said.target);
                let by = match said.by_learner {
                    true => self.pick("学習器", "learner"),
                    false => self.pick("手がかり", "cue"),
                };
                let parts: Vec<String> = said.fields.iter().map(|field| named(&fields, field)).collect();
                rows.push(vec![
                    if at == 0 {
                        word.words.clone()
                    } else {
                        String::new()
                    },
                    match said.points < 0.0 {
                        true => self.pick(format!("反対: {target}"), format!("against: {target}")),
                        false => target,
                    },
                    format!("{:.1}", said.points),
                    by.to_owned(),
                    parts.join(self.pick("、", ", ")),
                ]);
            }
        }
        let head = |text, align, from_width| Head::new(text, align, from_width);
        Grid {
            heads: vec![
                head(self.pick("言葉", "words"), Align::Left, 0),
                head(self.pick("指したもの", "spoke for"), Align::Left, 0),
                head(self.pick("点", "points"), Align::Right, 0),
                head(self.pick("聞いたもの", "heard as"), Align::Left, 80),
                head(self.pick("欄", "part"), Align::Left, 90),
            ],
            rows,
            total: None,
        }
    }

    /// Gathers what spoke by its words, upper and lower case alike, in the order in which they came: the loudest first.
    fn words(&self) -> Vec<Word<'_>> {
        let mut words: Vec<Word<'_>> = Vec::new();
        let cues = self.why.cues.iter().map(|evidence| (false, evidence));
        let heard = self.why.words.iter().map(|evidence| (true, evidence));
        for (by_learner, evidence) in cues.chain(heard) {
            let quote = self.quoted(evidence);
            let at = words
                .iter()
                .position(|word| word.words.to_lowercase() == quote.to_lowercase());
            let at = at.unwrap_or_else(|| {
                words.push(Word {
                    words: quote,
                    said: Vec::new(),
                });
                words.len() - 1
            });
            add(&mut words[at].said, by_learner, evidence);
        }
        words
    }

    pub(super) fn quoted(&self, evidence: &Evidence) -> String {
        self.quotes
            .quote(evidence.origin, &evidence.range, LONGEST_STRETCH)
    }

    /// A cue by the words in which it spoke and what for; its id behind them.
    pub(super) fn cue(&self, id: &str) -> String {
        let mut spoke = self.why.cues.iter().filter(|evidence| evidence.cue == id);
        let Some(first) = spoke.next() else {
            return self.pick(format!("手がかり {id}"), format!("cue {id}"));
        };
        let targets = self.targets();
        let target = targets.get(&first.target).unwrap_or(&first.target);
        let words = self.quoted(first);
        match first.points < 0.0 {
            true => self.pick(
                format!("「{target}」に反対する「{words}」({id})"),
                format!("“{words}” as a word against “{target}” ({id})"),
            ),
            false => self.pick(
                format!("「{target}」を指す「{words}」({id})"),
                format!("“{words}” as a word for “{target}” ({id})"),
            ),
        }
    }
}

/// Adds evidence to what a word said: the same target heard the same way is one entry.
fn add<'a>(said: &mut Vec<Said<'a>>, by_learner: bool, evidence: &'a Evidence) {
    let field = evidence.field.as_str();
    let same = |one: &&mut Said<'_>| {
        (one.by_learner, one.target, one.points < 0.0)
            == (by_learner, evidence.target.as_str(), evidence.points < 0.0)
    };
    match said.iter_mut().find(same) {
        Some(one) => {
            one.points += evidence.points;
            if !one.fields.contains(&field) {
                one.fields.push(field);
            }
        }
        None => said.push(Said {
            by_learner,
            target: &evidence.target,
            points: evidence.points,
            fields: vec![field],
        }),
    }
}
