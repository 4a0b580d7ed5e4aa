//! What a ticket says for people and addresses: no other slot may show it.

use std::collections::BTreeSet;

use crate::taxonomy::Taxonomy;
use crate::text::fold;

use super::seen::{Eyes, Grade, Page, is_personal};

/// Folded words that a ticket says for people and addresses: no other slot may show them, for a login may also look
/// like a team. What was merely detected for one may be anything, so it hides only what was merely detected as well.
#[derive(Debug, Default)]
pub(super) struct Personal {
    given: BTreeSet<String>,
    detected: BTreeSet<String>,
    /// What words right before it call a login: "id: umi-dev".
    introduced: BTreeSet<String>,
}

impl Personal {
    pub(super) fn of(eyes: &Eyes<'_>, page: &Page<'_>, taxonomy: &Taxonomy) -> Self {
        let mut personal = Self::default();
        for slot in taxonomy.slots.iter().filter(|slot| is_personal(slot)) {
            for (words, grade) in eyes.mentioned(page, slot).grades() {
                let into = match grade {
                    Grade::Detected => &mut personal.detected,
                    _ => &mut personal.given,
                };
                into.extend(words.iter().map(|words| fold(words)));
            }
            let introduced = Eyes::introduced(page, slot);
            personal
                .introduced
                .extend(introduced.iter().map(|words| fold(words)));
        }
        personal.given.remove("");
        personal.detected.remove("");
        personal.introduced.remove("");
        personal
    }

    fn known(&self, grade: Grade) -> impl Iterator<Item = &String> {
        let unsure = (grade == Grade::Detected).then(|| self.detected.iter().chain(&self.introduced));
        self.given.iter().chain(unsure.into_iter().flatten())
    }

    pub(super) fn is(&self, folded: &str, grade: Grade) -> bool {
        self.known(grade).any(|known| known == folded)
    }

    /// Whether words call it a login.
    pub(super) fn is_introduced(&self, folded: &str) -> bool {
        self.introduced.contains(folded)
    }

    pub(super) fn is_in(&self, folded: &str, grade: Grade) -> bool {
        self.known(grade).any(|known| folded.contains(known.as_str()))
    }
}
