//! First step of the clustering: tickets with the same text become one row, and rows get their order.
//!
//! Promises that a row depends on nothing but content: rows are sorted by stratum, tokens and concepts, the tickets in
//! them by id. From here on nothing can see in which order the tickets came. Near-identical texts are left to
//! `duplicates`.

use std::cmp::Ordering;

use rayon::prelude::*;

use super::discovery::Item;
use super::vocabulary::Vocabulary;

/// Tickets that say the same: one row of every matrix, counted with the number of its tickets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row<'a> {
    pub(super) stratum: Option<&'a str>,
    /// Term numbers in rising order, with repeats.
    pub(super) tokens: Vec<u32>,
    /// Concept numbers in rising order, with repeats.
    pub(super) concepts: Vec<u32>,
    /// Item indexes, by ticket id.
    pub(super) items: Vec<usize>,
}

impl Row<'_> {
    /// Returns the number of tickets in this row.
    pub(super) fn weight(&self) -> usize {
        self.items.len()
    }
}

/// All rows in content order, with the vocabulary their numbers stand for.
#[derive(Debug)]
pub(super) struct Rows<'a> {
    pub(super) terms: Vec<&'a str>,
    /// Each concept of an item once.
    pub(super) concepts: Vocabulary<'a>,
    pub(super) list: Vec<Row<'a>>,
    /// Items without any token or concept, by ticket id.
    pub(super) no_text: Vec<usize>,
}

impl<'a> Rows<'a> {
    /// Gathers tickets with the same stratum, tokens and concepts.
    pub(super) fn collect(items: &'a [Item]) -> Self {
        let (mut tokens, concepts) = rayon::join(
            || Vocabulary::read(items, |item| &item.tokens),
            || Vocabulary::read(items, |item| &item.concepts),
        );
        let text_of = |item: usize| (&items[item].stratum, &tokens.lists[item], &concepts.lists[item]);
        let mut order: Vec<usize> = (0..items.len()).collect();
        order.par_sort_unstable_by(|&left, &right| {
            text_of(left)
                .cmp(&text_of(right))
                .then_with(|| by_ticket(items, left, right))
        });
        let texts: Vec<&[usize]> = order
            .chunk_by(|&left, &right| text_of(left) == text_of(right))
            .collect();
        let (mut list, mut no_text) = (Vec::new(), Vec::new());
        for same in texts {
            let row = Row {
                stratum: items[same[0]].stratum.as_deref(),
                tokens: std::mem::take(&mut tokens.lists[same[0]]),
                concepts: concepts.lists[same[0]].clone(),
                items: same.to_vec(),
            };
            if row.tokens.is_empty() && row.concepts.is_empty() {
                no_text.extend(row.items);
            } else {
                list.push(row);
            }
        }
        no_text.sort_unstable_by(|&left, &right| by_ticket(items, left, right));
        Self {
            terms: tokens.terms,
            concepts: concepts.each_once(),
            list,
            no_text,
        }
    }
}

/// Orders two items by ticket id. Items that share an id, which a caller should not send, are told apart by what the
/// groups will show of them, and only then by place.
pub(super) fn by_ticket(items: &[Item], left: usize, right: usize) -> Ordering {
    let key = |index: usize| {
        let item = &items[index];
        (&item.id, &item.requester, &item.words, index)
    };
    key(left).cmp(&key(right))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(id: &str, stratum: Option<&str>, tokens: &str) -> Item {
        Item {
            id: id.into(),
            stratum: stratum.map(Into::into),
            tokens: tokens.split(' ').map(Into::into).collect(),
            ..Item::default()
        }
    }

    #[test]
    fn same_words_in_any_order_are_one_row() {
        let items = [
            item("b", None, "vpn grant"),
            item("a", None, "grant vpn"),
            item("c", None, "grant vpn vpn"),
        ];
        let rows = Rows::collect(&items);
        let members: Vec<&[usize]> = rows.list.iter().map(|row| row.items.as_slice()).collect();
        assert_eq!(members, [&[1, 0][..], &[2]]);
    }

    #[test]
    fn strata_do_not_share_rows() {
        let items = [item("a", Some("account"), "invite"), item("b", None, "invite")];
        assert_eq!(Rows::collect(&items).list.len(), 2);
    }

    #[test]
    fn items_of_empty_strings_have_no_text() {
        let items = [item("b", None, ""), item("a", None, ""), item("c", None, "vpn")];
        let rows = Rows::collect(&items);
        assert_eq!(
            (rows.no_text, rows.list.len(), rows.terms),
            (vec![1, 0], 1, vec!["vpn"])
        );
    }

    #[test]
    fn a_concept_alone_is_text() {
        let items = [Item {
            id: "a".into(),
            concepts: vec!["grant".into()],
            ..Item::default()
        }];
        assert_eq!(Rows::collect(&items).list.len(), 1);
    }
}
