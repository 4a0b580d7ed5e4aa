//! What a match may begin with, so that most places of a text are passed over at a glance.

use super::matcher::{Node, char_len};
use super::set::Set;

/// Which characters a match may begin with, by the low eight bits of the character.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Firsts([u64; 4]);

const ANYTHING: Firsts = Firsts([u64::MAX; 4]);

impl Firsts {
    pub(super) const NONE: Self = Self([0; 4]);

    pub(super) fn may(self, bytes: &[u8], at: usize) -> bool {
        let low = match bytes.get(at) {
            None => return false,
            Some(&byte) if byte < 0x80 => byte,
            // The low bits of a character stand in its last two bytes.
            Some(&byte) => {
                let last = at + char_len(byte) - 1;
                (bytes[last - 1] & 3) << 6 | bytes[last] & 63
            }
        };
        self.0[usize::from(low >> 6)] >> (low & 63) & 1 == 1
    }

    fn of(c: char) -> Self {
        let low = (c as u32 & 0xff) as usize;
        let mut bits = [0; 4];
        bits[low >> 6] = 1 << (low & 63);
        Self(bits)
    }

    fn of_set(set: &Set) -> Self {
        set.few_ranges().map_or(ANYTHING, |ranges| {
            let chars = ranges.iter().flat_map(|(first, last)| *first..=*last);
            chars.map(Self::of).fold(Self::NONE, Self::or)
        })
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self(std::array::from_fn(|at| self.0[at] | other.0[at]))
    }
}

/// Says what a match of a sequence may begin with; `None` if it may be empty, so that nothing can be said.
pub(super) fn firsts(nodes: &[Node]) -> Option<Firsts> {
    let mut all = Firsts::NONE;
    for node in nodes.iter().filter(|node| !node.consumes_nothing()) {
        let (own, empty) = begin(node);
        all = all.or(own);
        if !empty {
            return Some(all);
        }
    }
    None
}

/// What a node may begin with, and whether it may be empty.
fn begin(node: &Node) -> (Firsts, bool) {
    match node {
        Node::Word(word) => word
            .chars()
            .next()
            .map_or((Firsts::NONE, true), |c| (Firsts::of(c), false)),
        Node::Set(set) => (Firsts::of_set(set), false),
        Node::Gap { set, times } => (Firsts::of_set(set), times.least == 0),
        Node::Cat(nodes) => firsts(nodes).map_or((ANYTHING, true), |firsts| (firsts, false)),
        Node::Alt(alternatives) => alternatives
            .branches
            .iter()
            .map(|(_, branch)| begin(branch))
            .fold((Firsts::NONE, false), |a, b| (a.0.or(b.0), a.1 || b.1)),
        Node::Named { node, .. } => begin(node),
        Node::Optional { node, .. } => (begin(node).0, true),
        Node::Repeat { node, times } => {
            let (own, empty) = begin(node);
            (own, empty || times.least == 0)
        }
        Node::Start | Node::LineStart | Node::End | Node::Border | Node::WideBorder => (Firsts::NONE, true),
    }
}
