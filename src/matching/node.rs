//! What a regex is made of: words, sets, gaps and borders, in sequences and branches.
//!
//! Plain data with what can be said of it without a text. It is made by `syntax` and `tree`, and walked by `walk`.

use super::heads::{Heads, Opening, Start, heads};
use super::set::Set;

#[derive(Debug)]
#[cfg_attr(test, derive(PartialEq))]
pub(super) enum Node {
    Word(String),
    Set(Set),
    /// Up to `most` characters of a set, at least `least`.
    Gap {
        set: Set,
        times: Times,
        /// What comes next in its sequence may begin with, to leave out most of the ends to try.
        then: Option<Box<Heads>>,
    },
    Cat(Vec<Node>),
    Alt(Alternatives),
    Optional {
        node: Box<Node>,
        greedy: bool,
    },
    /// A longer match, again and again.
    Repeat {
        node: Box<Node>,
        times: Times,
    },
    /// A part whose place is asked for.
    Named {
        slot: usize,
        node: Box<Node>,
    },
    Start,
    LineStart,
    End,
    /// Between a word character of ASCII and anything else.
    Border,
    /// Between a word character and anything else.
    WideBorder,
}

/// Branches of which the first that leads to a match is taken.
#[derive(Debug)]
#[cfg_attr(test, derive(PartialEq))]
pub(super) struct Alternatives {
    pub(super) branches: Vec<Node>,
    /// What each of them may begin with; apart, so that passing over most of them reads little memory.
    pub(super) openings: Vec<Opening>,
    /// How any of them may start, said once for all regexes around them.
    pub(super) start: Box<Start>,
    /// What any of them may begin with.
    pub(super) heads: Option<Box<Heads>>,
}

impl Alternatives {
    pub(super) fn new(nodes: Vec<Node>) -> Self {
        let starts: Vec<Start> = nodes.iter().map(Start::of_node).collect();
        let start = Start::of_any(&starts);
        Self {
            heads: start.heads().map(Box::new),
            start: Box::new(start),
            openings: nodes
                .iter()
                .zip(&starts)
                .map(|(node, start)| Opening::of(node, *start))
                .collect(),
            branches: nodes,
        }
    }
}

/// How often, and whether more often is tried first.
#[derive(Debug, Clone, Copy)]
#[cfg_attr(test, derive(PartialEq))]
pub(super) struct Times {
    pub(super) least: usize,
    pub(super) most: usize,
    pub(super) greedy: bool,
}

/// Says whether every match begins at the start of the text.
pub(super) fn is_anchored(node: &Node) -> bool {
    match node {
        Node::Start => true,
        Node::Cat(nodes) => nodes.first().is_some_and(is_anchored),
        Node::Alt(alternatives) => alternatives.branches.iter().all(is_anchored),
        _ => false,
    }
}

/// Counts the ways through the gaps and options of a node.
pub(super) fn ways(node: &Node) -> usize {
    match node {
        Node::Word(_)
        | Node::Set(_)
        | Node::Start
        | Node::LineStart
        | Node::End
        | Node::Border
        | Node::WideBorder => 1,
        Node::Gap { times, .. } => (times.most - times.least).saturating_add(1),
        Node::Cat(nodes) => nodes.iter().map(ways).fold(1, usize::saturating_mul),
        Node::Alt(alternatives) => alternatives.branches.iter().map(ways).max().unwrap_or(1),
        Node::Optional { node, .. } => ways(node).saturating_add(1),
        Node::Named { node, .. } => ways(node),
        Node::Repeat { .. } => usize::MAX,
    }
}

/// Makes one sequence of nodes and of the sequences among them, neighbouring words joined.
pub(super) fn sequence(nodes: Vec<Node>) -> Node {
    let mut all: Vec<Node> = Vec::with_capacity(nodes.len());
    let mut append = |part: Node| match (all.last_mut(), part) {
        (Some(Node::Word(before)), Node::Word(word)) => before.push_str(&word),
        (_, part) => all.push(part),
    };
    for node in nodes {
        match node {
            Node::Cat(parts) => parts.into_iter().for_each(&mut append),
            single => append(single),
        }
    }
    for at in 0..all.len() {
        let (before, rest) = all.split_at_mut(at + 1);
        if let Some(Node::Gap { then, .. }) = before.last_mut() {
            *then = heads(rest).map(Box::new);
        }
    }
    match all.pop() {
        Some(only) if all.is_empty() => only,
        last => {
            all.extend(last);
            Node::Cat(all)
        }
    }
}

/// Makes a node that matches another so many times.
pub(super) fn repeated(node: Node, times: Times) -> Node {
    match node {
        Node::Set(set) => Node::Gap {
            set,
            times,
            then: None,
        },
        inner if (times.least, times.most) == (0, 1) => Node::Optional {
            node: Box::new(inner),
            greedy: times.greedy,
        },
        // A single literal is a word by now; as a set it needs no rounds.
        Node::Word(word) if word.chars().nth(1).is_none() => Node::Gap {
            set: Set::new(word.chars().map(|c| (c, c)).collect(), false),
            times,
            then: None,
        },
        inner => Node::Repeat {
            node: Box::new(inner),
            times,
        },
    }
}
