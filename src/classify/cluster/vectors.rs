//! Sparse TF-IDF vectors of the rows: one block of terms, one of concepts.
//!
//! Written by hand because linfa's TF-IDF orders its columns by a randomly seeded hash map and recomputes the document
//! frequencies from whatever it transforms. Here columns stand in term order and a row counts once, however many
//! tickets it has: how often a text is filed decides the size of its group, never the shape of the space.

use std::ops::Range;

use super::rows::{Row, Rows};

/// Most columns of a block, the terms of the most tickets first; rarer terms tie too few tickets together to matter.
const MOST_COLUMNS: usize = 2_000;

/// Length of the concept block beside a term block of length one. Measured on Japanese and English tickets: concepts
/// bring the two languages together, and at 1 or 2 they drown the words.
const CONCEPT_WEIGHT: f64 = 0.5;

/// A sparse matrix, stored row by row; columns rise within a row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sparse {
    width: usize,
    starts: Vec<usize>,
    cells: Vec<(u32, f32)>,
}

impl Sparse {
    fn from_rows(width: usize, rows: impl Iterator<Item = Vec<(u32, f32)>>) -> Self {
        let (mut starts, mut cells) = (vec![0], Vec::new());
        for row in rows {
            cells.extend(row);
            starts.push(cells.len());
        }
        Self { width, starts, cells }
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }

    pub(super) fn height(&self) -> usize {
        self.starts.len() - 1
    }

    pub(super) fn row(&self, row: usize) -> &[(u32, f32)] {
        &self.cells[self.starts[row]..self.starts[row + 1]]
    }

    /// Copies the chosen rows, in the order given.
    pub(super) fn select(&self, rows: &[usize]) -> Self {
        Self::from_rows(self.width, rows.iter().map(|&row| self.row(row).to_vec()))
    }

    /// Stacks two matrices, with columns of their own.
    pub(super) fn above(&self, below: &Self) -> Self {
        let shift = self.width as u32;
        let shifted = |row| {
            below
                .row(row)
                .iter()
                .map(|&(column, value)| (column + shift, value))
                .collect()
        };
        let rows = (0..self.height()).map(|row| self.row(row).to_vec());
        Self::from_rows(
            self.width + below.width,
            rows.chain((0..below.height()).map(shifted)),
        )
    }

    /// Computes the mean cosine between some rows, each with each other. A row alone is as like itself as can be; a row
    /// without cells is like none.
    pub(super) fn likeness(&self, rows: &[usize]) -> f64 {
        if rows.len() < 2 {
            return 1.0;
        }
        let mut sum = vec![0.0; self.width];
        let mut with_cells = 0.0;
        for &row in rows.iter().filter(|&&row| !self.row(row).is_empty()) {
            let length = self
                .row(row)
                .iter()
                .map(|&(_, value)| f64::from(value).powi(2))
                .sum::<f64>()
                .sqrt();
            self.row(row)
                .iter()
                .for_each(|&(column, value)| sum[column as usize] += f64::from(value) / length);
            with_cells += 1.0;
        }
        // The square of the sum holds every pair twice and every row with itself once.
        let pairs = sum.iter().map(|value| value * value).sum::<f64>() - with_cells;
        pairs / (rows.len() * (rows.len() - 1)) as f64
    }
}

/// Weighs the terms and concepts of some of the rows against each other.
///
/// A block is `(1 + ln tf) · idf`, scaled to its length; a row has no cell when none of its terms made it into the
/// columns. The term block has length one, the concept block [`CONCEPT_WEIGHT`].
pub(super) fn weigh(rows: &Rows<'_>, range: Range<usize>) -> Sparse {
    let list = &rows.list[range];
    let terms = Block::fit(list, rows.terms.len(), |row| &row.tokens);
    let concepts = Block::fit(list, rows.concepts.terms.len(), |row| &row.concepts);
    let cells_of = |row: &Row<'_>| {
        let mut cells = terms.weigh(&row.tokens, 0, 1.0);
        cells.extend(concepts.weigh(&row.concepts, terms.width, CONCEPT_WEIGHT));
        cells
    };
    Sparse::from_rows(terms.width + concepts.width, list.iter().map(cells_of))
}

/// The columns of one vocabulary: for each term its column and its inverse document frequency.
struct Block {
    width: usize,
    columns: Vec<Option<(u32, f64)>>,
}

impl Block {
    fn fit<'a, 'b: 'a>(
        rows: &'a [Row<'b>],
        vocabulary: usize,
        field: impl Fn(&'a Row<'b>) -> &'a Vec<u32>,
    ) -> Self {
        let (mut tickets, mut texts) = (vec![0usize; vocabulary], vec![0u32; vocabulary]);
        for row in rows {
            for term in field(row).chunk_by(|left, right| left == right) {
                tickets[term[0] as usize] += row.weight();
                texts[term[0] as usize] += 1;
            }
        }
        let mut chosen: Vec<usize> = (0..vocabulary).filter(|&term| tickets[term] > 0).collect();
        chosen.sort_unstable_by_key(|&term| (std::cmp::Reverse(tickets[term]), term));
        chosen.truncate(MOST_COLUMNS);
        chosen.sort_unstable();

        let idf = |texts: u32| ((1.0 + rows.len() as f64) / (1.0 + f64::from(texts))).ln() + 1.0;
        let mut columns = vec![None; vocabulary];
        for (&term, column) in chosen.iter().zip(0u32..) {
            columns[term] = Some((column, idf(texts[term])));
        }
        Self {
            width: chosen.len(),
            columns,
        }
    }

    /// Weighs sorted term numbers; the block starts at column `offset` and gets the given length.
    fn weigh(&self, terms: &[u32], offset: usize, length: f64) -> Vec<(u32, f32)> {
        let mut cells: Vec<(u32, f64)> = Vec::new();
        for term in terms.chunk_by(|left, right| left == right) {
            if let Some((column, idf)) = self.columns[term[0] as usize] {
                cells.push((column + offset as u32, (1.0 + (term.len() as f64).ln()) * idf));
            }
        }
        let factor = length / cells.iter().map(|(_, value)| value * value).sum::<f64>().sqrt();
        cells
            .into_iter()
            .map(|(column, value)| (column, (value * factor) as f32))
            .collect()
    }
}

#[cfg(test)]
impl Sparse {
    pub(super) fn from_dense(matrix: &super::dense::Dense) -> Self {
        let cells = |row: &[f64]| {
            (0..)
                .zip(row)
                .map(|(column, &value)| (column, value as f32))
                .collect()
        };
        Self::from_rows(matrix.width(), matrix.rows().map(cells))
    }
}

#[cfg(test)]
mod tests {
    use super::super::discovery::Item;
    use super::*;

    fn weigh(rows: &Rows<'_>) -> Sparse {
        super::weigh(rows, 0..rows.list.len())
    }

    fn item(id: usize, tokens: &[&str], concepts: &[&str]) -> Item {
        let owned = |words: &[&str]| words.iter().map(|&word| word.into()).collect();
        Item {
            id: format!("t{id}"),
            tokens: owned(tokens),
            concepts: owned(concepts),
            ..Item::default()
        }
    }

    fn length(cells: &[(u32, f32)]) -> f32 {
        cells.iter().map(|(_, value)| value * value).sum::<f32>().sqrt()
    }

    #[test]
    fn blocks_have_their_lengths_and_columns_rise() {
        let items = [
            item(0, &["vpn", "grant", "grant"], &["allow"]),
            item(1, &["dns"], &[]),
        ];
        let matrix = weigh(&Rows::collect(&items));
        assert_eq!((matrix.height(), matrix.width()), (2, 4));
        let [dns, both] = [matrix.row(0), matrix.row(1)];
        assert!((length(dns) - 1.0).abs() < 1e-6);
        assert!((length(both) - 1.25_f32.sqrt()).abs() < 1e-6);
        assert!(
            both.is_sorted_by_key(|cell| cell.0) && both[0].1 > both[1].1,
            "a repeated term weighs more"
        );
    }

    #[test]
    fn likeness_is_the_mean_over_pairs() {
        let items = [
            item(0, &["a"], &[]),
            item(1, &["a", "a"], &[]),
            item(2, &["b"], &[]),
        ];
        let matrix = weigh(&Rows::collect(&items));
        assert!((matrix.likeness(&[0, 1]) - 1.0).abs() < 1e-6);
        assert!((matrix.likeness(&[0, 1, 2]) - 1.0 / 3.0).abs() < 1e-6);
        assert!(matrix.likeness(&[0, 2]).abs() < 1e-6 && matrix.likeness(&[2]) > 0.9);
    }

    #[test]
    fn filing_a_text_again_moves_nothing() {
        let once = [item(0, &["vpn", "grant"], &[]), item(1, &["vpn", "dns"], &[])];
        let often = [
            once[0].clone(),
            once[1].clone(),
            item(2, &["vpn", "dns"], &[]),
            item(3, &["dns", "vpn"], &[]),
        ];
        assert_eq!(weigh(&Rows::collect(&once)), weigh(&Rows::collect(&often)));
    }

    #[test]
    fn rare_terms_give_way_to_common_ones() {
        let names: Vec<String> = (0..MOST_COLUMNS + 5).map(|term| format!("w{term:05}")).collect();
        let mut items: Vec<Item> = names
            .iter()
            .enumerate()
            .map(|(id, name)| item(id, &[name], &[]))
            .collect();
        items.push(item(9_999, &[&names[MOST_COLUMNS + 4], "zzz"], &[]));
        let matrix = weigh(&Rows::collect(&items));
        assert_eq!(matrix.width(), MOST_COLUMNS);
        assert_eq!(
            matrix.row(MOST_COLUMNS + 4).len(),
            1,
            "a term of two tickets is in, whatever its name"
        );
        assert!(
            matrix.row(MOST_COLUMNS + 3).is_empty(),
            "of terms of one ticket the last names are out"
        );
    }
}
