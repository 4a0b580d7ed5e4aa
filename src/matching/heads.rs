//! What a match may begin with, so that most places of a text are passed over at a glance.

use super::node::Node;
use super::set::Set;
use super::walk::char_len;

/// Characters by the low eight bits of their code; a few more may seem to be in it than were put in.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Lows([u64; 4]);

impl Lows {
    const NONE: Self = Self([0; 4]);
    const ALL: Self = Self([u64::MAX; 4]);

    fn has(&self, low: u8) -> bool {
        self.0[usize::from(low >> 6)] >> (low & 63) & 1 == 1
    }

    fn of(c: char) -> Self {
        Self::NONE.with(c as u32)
    }

    fn with(mut self, code: u32) -> Self {
        let low = (code & 0xff) as usize;
        self.0[low >> 6] |= 1 << (low & 63);
        self
    }

    fn of_set(set: &Set) -> Self {
        set.few_ranges().map_or(Self::ALL, |ranges| {
            let codes = ranges
                .iter()
                .flat_map(|(first, last)| *first as u32..=*last as u32);
            codes.fold(Self::NONE, Self::with)
        })
    }

    fn or(self, other: Self) -> Self {
        Self(std::array::from_fn(|at| self.0[at] | other.0[at]))
    }

    fn when(self, holds: bool) -> Self {
        if holds { self } else { Self::NONE }
    }
}

/// The first two characters at a place of a text, as [`Heads`] ask for them.
#[derive(Clone, Copy)]
pub(super) struct Here {
    first: u8,
    second: Option<u8>,
}

impl Here {
    /// Looks at a place; `None` at the end of the text.
    pub(super) fn at(bytes: &[u8], at: usize) -> Option<Self> {
        let (first, after) = low_at(bytes, at)?;
        let second = low_at(bytes, after).map(|(low, _)| low);
        Some(Self { first, second })
    }
}

/// The low bits of the character at a place, and where the next one begins.
#[inline]
fn low_at(bytes: &[u8], at: usize) -> Option<(u8, usize)> {
    let byte = *bytes.get(at)?;
    if byte < 0x80 {
        return Some((byte, at + 1));
    }
    // The low bits of a character stand in its last two bytes.
    let after = at + char_len(byte);
    let last = bytes.get(after - 2..after)?;
    Some(((last[0] & 3) << 6 | last[1] & 63, after))
}

/// What the first and the second character of a match may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Heads {
    first: Lows,
    /// `None` if a match may have one character only.
    second: Option<Lows>,
}

impl Heads {
    /// Says whether a match may begin here.
    pub(super) fn may(&self, here: Here) -> bool {
        let second = |lows: Lows| here.second.is_some_and(|low| lows.has(low));
        self.first.has(here.first) && self.second.is_none_or(second)
    }

    /// Finds the first place from `at` on where a match may begin.
    pub(super) fn next(&self, bytes: &[u8], mut at: usize) -> Option<usize> {
        while let Some((low, after)) = low_at(bytes, at) {
            if self.first.has(low) {
                let second = |lows: Lows| low_at(bytes, after).is_some_and(|(low, _)| lows.has(low));
                if self.second.is_none_or(second) {
                    return Some(at);
                }
            }
            at = after;
        }
        None
    }
}

/// What a branch may begin with. A set of two characters is a fourth of what its heads take, and most branches are words.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Opening {
    /// Nothing can be said.
    Any,
    /// A word, by the low bits of its first two characters.
    Word(u8, Option<u8>),
    /// Anything else.
    Heads(Box<Heads>),
}

impl Opening {
    /// Tells it of a branch that starts so.
    pub(super) fn of(node: &Node, start: Start) -> Self {
        if let Node::Word(word) = node
            && let Some(here) = Here::at(word.as_bytes(), 0)
        {
            return Self::Word(here.first, here.second);
        }
        start
            .heads()
            .map_or(Self::Any, |heads| Self::Heads(Box::new(heads)))
    }

    /// Says whether the branch may begin at a place; `None` is the end of the text.
    pub(super) fn may(&self, here: Option<Here>) -> bool {
        match self {
            Self::Any => true,
            Self::Word(first, second) => here.is_some_and(|here| {
                here.first == *first && second.is_none_or(|second| here.second == Some(second))
            }),
            Self::Heads(heads) => here.is_some_and(|here| heads.may(here)),
        }
    }
}

/// Says what a match of a sequence may begin with; `None` if it may be empty, so that nothing can be said.
pub(super) fn heads(nodes: &[Node]) -> Option<Heads> {
    start_of_all(nodes).heads()
}

/// How the matches of a node may start.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Start {
    first: Lows,
    second: Lows,
    /// Whether one may have no character.
    empty: bool,
    /// Whether one may have a single character.
    single: bool,
}

/// The start of what takes in nothing.
const NOTHING: Start = Start {
    first: Lows::NONE,
    second: Lows::NONE,
    empty: true,
    single: false,
};

impl Start {
    pub(super) fn of_node(node: &Node) -> Self {
        match node {
            Node::Word(word) => {
                let chars = word.chars().take(2).map(|c| Self::of(Lows::of(c)));
                chars.fold(NOTHING, Self::then)
            }
            Node::Set(set) => Self::of(Lows::of_set(set)),
            Node::Gap { set, times, .. } => Self::of(Lows::of_set(set)).times(times.least, times.most),
            Node::Cat(nodes) => start_of_all(nodes),
            Node::Alt(alternatives) => *alternatives.start,
            Node::Named { node, .. } => Self::of_node(node),
            Node::Optional { node, .. } => Self::of_node(node).times(0, 1),
            Node::Repeat { node, times } => Self::of_node(node).times(times.least, times.most),
            Node::Start | Node::LineStart | Node::End | Node::Border | Node::WideBorder => NOTHING,
        }
    }

    /// The start of any of some.
    pub(super) fn of_any(starts: &[Self]) -> Self {
        starts.iter().copied().reduce(Self::or).unwrap_or(NOTHING)
    }

    fn of(set: Lows) -> Self {
        Self {
            first: set,
            empty: false,
            single: true,
            ..NOTHING
        }
    }

    /// What a match may begin with; `None` if it may be empty, so that nothing can be said.
    pub(super) fn heads(self) -> Option<Heads> {
        (!self.empty).then_some(Heads {
            first: self.first,
            second: (!self.single).then_some(self.second),
        })
    }

    /// This, then that.
    fn then(self, next: Self) -> Self {
        Self {
            first: self.first.or(next.first.when(self.empty)),
            second: self
                .second
                .or(next.first.when(self.single))
                .or(next.second.when(self.empty)),
            empty: self.empty && next.empty,
            single: self.single && next.empty || self.empty && next.single,
        }
    }

    fn or(self, other: Self) -> Self {
        Self {
            first: self.first.or(other.first),
            second: self.second.or(other.second),
            empty: self.empty || other.empty,
            single: self.single || other.single,
        }
    }

    /// This again and again.
    fn times(self, least: usize, most: usize) -> Self {
        let twice = self.then(self);
        let once = if most > 1 { twice } else { self };
        Self {
            first: once.first,
            second: once.second,
            empty: self.empty || least == 0,
            single: self.single && least < 2 || once.single,
        }
    }
}

fn start_of_all(nodes: &[Node]) -> Start {
    let mut all = NOTHING;
    for node in nodes {
        if !(all.empty || all.single) {
            break;
        }
        all = all.then(Start::of_node(node));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::Matcher;
    use regex_syntax::ast::parse::Parser;

    /// Places of a text at which a match is tried.
    fn places(source: &str, text: &str) -> Option<Vec<usize>> {
        let ast = Parser::new().parse(source).unwrap();
        let matcher = Matcher::compile_any(&ast).unwrap();
        let heads = heads(std::slice::from_ref(matcher.root()))?;
        let here = |at: usize| Here::at(text.as_bytes(), at).is_some_and(|here| heads.may(here));
        Some(
            (0..text.len())
                .filter(|at| text.is_char_boundary(*at) && here(*at))
                .collect(),
        )
    }

    #[test]
    fn two_characters_must_fit() {
        assert_eq!(places("(?:権限|招待)を", "権限、権利、招待"), Some(vec![0, 18]));
        assert_eq!(places(r"(?-u:\b)a?b[cd]", "ab b bc xbd"), Some(vec![0, 5, 9]));
        assert_eq!(places("a{0,3}b{1,2}c", "abc bc b ac"), Some(vec![0, 1, 4, 9]));
    }

    #[test]
    fn a_match_of_one_character_may_end_the_text() {
        assert_eq!(places("ab?", "xa"), Some(vec![1]));
        assert_eq!(places("a(?:b|$)", "xa ab"), Some(vec![1, 3]));
    }

    #[test]
    fn nothing_is_said_of_what_may_be_empty() {
        assert_eq!(places("a?(?:b|)", "ab"), None);
    }
}
