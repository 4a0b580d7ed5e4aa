//! Sets of characters, as classes of a regex name them.

use regex_syntax::ast::{Ast, ClassBracketed, ClassSet, ClassSetItem};
use regex_syntax::hir::translate::Translator;
use regex_syntax::hir::{Class, HirKind};

/// Characters, or all others.
#[derive(Debug, Clone)]
#[cfg_attr(test, derive(PartialEq))]
pub(super) struct Set {
    /// The characters of ASCII, by their bits.
    ascii: u128,
    /// The others, sorted and apart from each other.
    wide: Vec<(char, char)>,
    /// Whether of the others those are meant that `wide` does not have.
    negated: bool,
}

impl Set {
    /// Makes a set of ranges that may lie in any order and overlap.
    pub(super) fn new(mut ranges: Vec<(char, char)>, negated: bool) -> Self {
        ranges.sort_unstable();
        let mut wide: Vec<(char, char)> = Vec::new();
        for &(first, last) in &ranges {
            match wide.last_mut() {
                Some(before) if first <= before.1 => before.1 = before.1.max(last),
                _ => wide.push((first, last)),
            }
        }
        let listed = ranges.iter().fold(0, |set, range| set | ascii_bits(*range));
        let ascii = if negated { !listed } else { listed };
        Self { ascii, wide, negated }
    }

    /// Makes the set of a class; `None` for what is none.
    pub(super) fn of(ast: &Ast) -> Option<Self> {
        match ast {
            Ast::ClassBracketed(class) => of_bracketed(class).or_else(|| Self::translated(ast)),
            _ => Self::translated(ast),
        }
    }

    /// Makes the set of a class such as `\s` or `\p{Han}`, as the crate regex understands it.
    fn translated(ast: &Ast) -> Option<Self> {
        let hir = Translator::new().translate("", ast).ok()?;
        let HirKind::Class(Class::Unicode(class)) = hir.kind() else {
            return None;
        };
        let ranges = class.iter().map(|range| (range.start(), range.end())).collect();
        Some(Self::new(ranges, false))
    }

    pub(super) fn has(&self, c: char) -> bool {
        if c.is_ascii() {
            return self.ascii >> (c as u32) & 1 == 1;
        }
        let before = self.wide.partition_point(|(first, _)| *first <= c);
        let listed = before.checked_sub(1).is_some_and(|at| c <= self.wide[at].1);
        listed != self.negated
    }

    /// The characters, if they are so few that they were hardly meant as a range.
    pub(super) fn few_chars(&self) -> Option<Vec<String>> {
        const FEW: u32 = 9;
        let single = self
            .wide
            .iter()
            .all(|(first, last)| first == last || last.is_ascii());
        let wide = self
            .wide
            .iter()
            .map(|(first, _)| *first)
            .filter(|c| !c.is_ascii());
        let ascii = (0..0x80_u8).filter(|c| self.ascii >> c & 1 == 1).map(char::from);
        let few = self.ascii.count_ones() <= FEW && self.wide.len() <= FEW as usize;
        (!self.negated && few && single).then(|| ascii.chain(wide).map(String::from).collect())
    }

    /// The ranges, unless they are many.
    pub(super) fn few_ranges(&self) -> Option<&[(char, char)]> {
        const FEW: usize = 256;
        let size: usize = self
            .wide
            .iter()
            .map(|(first, last)| *last as usize - *first as usize + 1)
            .sum();
        (!self.negated && size <= FEW).then_some(&self.wide)
    }
}

/// The characters of ASCII in a range, by their bits.
fn ascii_bits((first, last): (char, char)) -> u128 {
    let below = |end: u32| if end > 127 { u128::MAX } else { (1 << end) - 1 };
    below(last as u32 + 1) & !below(first as u32)
}

fn of_bracketed(class: &ClassBracketed) -> Option<Set> {
    let ClassSet::Item(item) = &class.kind else {
        return None;
    };
    let mut ranges = Vec::new();
    push_ranges(item, &mut ranges)?;
    Some(Set::new(ranges, class.negated))
}

fn push_ranges(item: &ClassSetItem, ranges: &mut Vec<(char, char)>) -> Option<()> {
    match item {
        ClassSetItem::Literal(literal) => ranges.push((literal.c, literal.c)),
        ClassSetItem::Range(range) => ranges.push((range.start.c, range.end.c)),
        ClassSetItem::Union(union) => union
            .items
            .iter()
            .try_for_each(|item| push_ranges(item, ranges))?,
        ClassSetItem::Bracketed(class) if !class.negated => {
            let ClassSet::Item(item) = &class.kind else {
                return None;
            };
            push_ranges(item, ranges)?;
        }
        ClassSetItem::Empty(_) => {}
        ClassSetItem::Ascii(_)
        | ClassSetItem::Unicode(_)
        | ClassSetItem::Perl(_)
        | ClassSetItem::Bracketed(_) => return None,
    }
    Some(())
}
