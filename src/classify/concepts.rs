//! Finds the notions of a text in the bilingual lexicon of the taxonomy: "招待して" and "invite" are one.
//!
//! The lexicon is what puts Japanese and English tickets of one kind into one group, where their words never meet.

use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::taxonomy::{Concept, Taxonomy};

/// The lexicon, made ready to read many texts.
pub struct Lexicon<'t> {
    concepts: Vec<&'t Concept>,
    words: AhoCorasick,
    /// Concept of each word, and whether it must stand alone.
    concept_of: Vec<(usize, bool)>,
}

impl<'t> Lexicon<'t> {
    /// Makes the concepts of a taxonomy ready.
    #[must_use]
    pub fn new(taxonomy: &'t Taxonomy) -> Self {
        Self::of(taxonomy.concepts.iter().collect())
    }

    /// Makes the areas of work beyond the patterns ready, for the search for groups. They are heard beside the
    /// concepts: what costs something is of the cost, and of the accounts' department as well.
    #[must_use]
    pub fn of_notions(taxonomy: &'t Taxonomy) -> Self {
        Self::of(taxonomy.notions.iter().collect())
    }

    fn of(concepts: Vec<&'t Concept>) -> Self {
        let mut words: Vec<&str> = Vec::new();
        let mut concept_of = Vec::new();
        for (at, concept) in concepts.iter().enumerate() {
            for word in &concept.words {
                words.push(word);
                concept_of.push((at, word.is_ascii()));
            }
        }
        #[expect(clippy::expect_used, reason = "a few hundred short words build")]
        let words = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(words)
            .expect("short words build");
        Self {
            concepts,
            words,
            concept_of,
        }
    }

    /// Returns the ids of the concepts that a normalised text names, each once, sorted.
    ///
    /// Latin words count only as whole words: "org" does not stand in "organize". The longest word wins where
    /// several begin, so 環境変数 is a variable and no environment.
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<String> {
        let mut found = Vec::new();
        self.each(text, |concept, _| found.push(concept));
        found.sort_unstable();
        found.dedup();
        found.into_iter().map(str::to_owned).collect()
    }

    /// Calls back with the id of each concept that a normalised text names, and where, in order.
    pub fn each(&self, text: &str, mut each: impl FnMut(&'t str, Range<usize>)) {
        let bytes = text.as_bytes();
        let letter = |at: Option<usize>| {
            at.and_then(|at| bytes.get(at))
                .is_some_and(u8::is_ascii_alphanumeric)
        };
        for hit in self.words.find_iter(text) {
            let (concept, alone) = self.concept_of[hit.pattern().as_usize()];
            if !(alone && (letter(hit.start().checked_sub(1)) || letter(Some(hit.end())))) {
                each(&self.concepts[concept].id, hit.start()..hit.end());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_word_of_a_concept_is_heard_as_an_area_of_work_too() {
        let taxonomy = Taxonomy::builtin().expect("valid");
        let text = "クラウド費用の請求書を部門ごとに按分したい";
        assert!(Lexicon::new(&taxonomy).find(text).contains(&"cost".to_owned()));
        assert!(
            Lexicon::of_notions(&taxonomy)
                .find(text)
                .contains(&"money".to_owned())
        );
    }

    #[test]
    fn every_area_has_words_in_both_languages_and_no_word_is_of_two() {
        let taxonomy = Taxonomy::builtin().expect("valid");
        let mut seen = BTreeSet::new();
        for area in &taxonomy.notions {
            assert!(area.words.iter().any(|word| word.is_ascii()), "{}", area.id);
            assert!(area.words.iter().any(|word| !word.is_ascii()), "{}", area.id);
            for word in &area.words {
                assert!(seen.insert(word), "{word} in {}", area.id);
            }
        }
    }
}
