//! Tables of a ticket: each row is a request of its own, whose values stand under the names of what they are.

use crate::automation::slots::asks_for;
use crate::taxonomy::Slot;
use crate::text::normalize;

/// Fewest characters of a heading that may be the first part of a slot's name: "GitHub" for a GitHub login.
const SHORTEST_HEAD: usize = 4;

/// A table as it was written.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Grid {
    /// Normalised headings.
    heads: Vec<String>,
    /// Cells as they were written, as many as there are headings.
    rows: Vec<Vec<String>>,
}

impl Grid {
    /// Reads the first table of a text, with `|` between its cells and a line of `---` below its head.
    pub(super) fn read(text: &str) -> Option<Self> {
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let rule = lines.iter().position(|line| is_rule(line))?;
        let heads = cells(lines.get(rule.checked_sub(1)?)?);
        let rows: Vec<Vec<String>> = lines[rule + 1..]
            .iter()
            .take_while(|line| line.contains('|'))
            .map(|line| cells(line))
            .filter(|row| row.len() == heads.len())
            .collect();
        (heads.len() > 1 && !rows.is_empty()).then(|| Self {
            heads: heads.iter().map(|head| normalize(head).into_text()).collect(),
            rows,
        })
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The place of the column that gives a slot; `None` where no heading asks for it.
    pub(super) fn column(&self, slot: &Slot) -> Option<usize> {
        let asks = |head: &&String| slot.form.iter().any(|name| asks_for(head, name));
        let begins = |head: &&String| {
            head.chars().count() >= SHORTEST_HEAD
                && slot.form.iter().any(|name| name.starts_with(head.as_str()))
        };
        let place = |found: &dyn Fn(&&String) -> bool| self.heads.iter().position(|head| found(&head));
        place(&asks).or_else(|| place(&begins))
    }

    pub(super) fn cell(&self, row: usize, column: usize) -> &str {
        self.rows
            .get(row)
            .and_then(|row| row.get(column))
            .map_or("", String::as_str)
    }
}

fn is_rule(line: &str) -> bool {
    line.contains("--") && line.contains('|') && line.chars().all(|c| "|-: ".contains(c))
}

fn cells(line: &str) -> Vec<String> {
    let line = line.strip_prefix('|').unwrap_or(line);
    let line = line.strip_suffix('|').unwrap_or(line);
    line.split('|')
        .map(|cell| cell.trim().trim_matches('`').to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::taxonomy::Taxonomy;

    #[test]
    fn a_column_is_known_by_its_heading() {
        let taxonomy = Taxonomy::builtin().unwrap();
        let text = "招待をお願いします。\n\n| 氏名 | GitHub | 配属 |\n|---|:--|---|\n| 井手 | ide-x | web |\n| 久我 | 未定 | |\n以上です";
        let grid = Grid::read(text).unwrap();
        assert_eq!(grid.len(), 2);
        let column = |slot: &str| grid.column(taxonomy.slot(slot).unwrap());
        assert_eq!(column("github_user"), Some(1));
        assert_eq!(column("org_team"), Some(2));
        assert_eq!(column("repository"), None);
        assert_eq!(grid.cell(0, 1), "ide-x");
        assert_eq!(grid.cell(1, 2), "");
        assert_eq!(Grid::read("a | b\n-- no table"), None);
        assert_eq!(Grid::read("---|---\nx | y"), None);
    }
}
