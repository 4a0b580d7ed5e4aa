//! Reads the plain part of the syntax of a regex straight into nodes.
//!
//! Before the first ticket is read, the syntax of six hundred regexes is. The crate regex-syntax keeps the place of
//! every character for its messages, which took most of that time. What is written with words, classes, groups,
//! counts, borders and anchors is read here; anything else, and whatever might be a fault, is left to the crate. A law
//! test holds that both read the same.

use super::matcher::MOST_GROUPS;
use super::node::{Alternatives, Node, Times, repeated, sequence};
use super::set::Set;

/// Deepest nesting of groups that is read here.
const DEEPEST: usize = 16;

/// Reads a regex; `None` if it has to be read by the crate.
pub(super) fn read(source: &str) -> Option<Node> {
    let mut reader = Reader {
        rest: source,
        groups: 0,
        names: Vec::new(),
        depth: 0,
    };
    let node = reader.alternation()?;
    reader.rest.is_empty().then_some(node)
}

struct Reader<'a> {
    rest: &'a str,
    /// Groups opened so far that the crate gives a number.
    groups: usize,
    names: Vec<&'a str>,
    depth: usize,
}

impl Reader<'_> {
    fn take(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    /// Branches up to the end or the bracket that closes the group.
    fn alternation(&mut self) -> Option<Node> {
        let first = self.concatenation()?;
        if !self.rest.starts_with('|') {
            return Some(first);
        }
        let mut branches = vec![first];
        while self.take("|") {
            branches.push(self.concatenation()?);
        }
        Some(Node::Alt(Alternatives::new(branches)))
    }

    fn concatenation(&mut self) -> Option<Node> {
        let mut nodes: Vec<Node> = Vec::new();
        while !self.rest.is_empty() && !self.rest.starts_with(['|', ')']) {
            let plain = self.plain();
            if plain.is_empty() {
                let atom = self.atom()?;
                nodes.push(self.times(atom)?);
            } else {
                nodes.push(Node::Word(plain.to_owned()));
            }
        }
        match nodes.len() {
            1 => nodes.pop(),
            _ => Some(sequence(nodes)),
        }
    }

    /// Takes the characters that mean themselves, up to one that a count follows.
    fn plain(&mut self) -> &str {
        const SIGNS: [char; 14] = [
            '\\', '(', ')', '[', ']', '{', '}', '.', '^', '$', '|', '?', '*', '+',
        ];
        let end = self.rest.find(SIGNS).unwrap_or(self.rest.len());
        let (run, rest) = self.rest.split_at(end);
        let counted = rest.starts_with(['?', '*', '+', '{']);
        let end = match run.char_indices().next_back() {
            Some((last, _)) if counted => last,
            _ => end,
        };
        let (plain, rest) = self.rest.split_at(end);
        self.rest = rest;
        plain
    }

    /// One thing that a count may follow.
    fn atom(&mut self) -> Option<Node> {
        if self.take(r"(?-u:\b)") {
            return Some(Node::Border);
        }
        if self.take("(?m:^)") {
            return Some(Node::LineStart);
        }
        match self.next()? {
            '(' => self.group(),
            '[' => self.class().map(Node::Set),
            '.' => Some(Node::Set(Set::new(vec![('\n', '\n')], true))),
            '^' => Some(Node::Start),
            '$' => Some(Node::End),
            '\\' => Some(Node::Word(self.escaped()?.to_string())),
            '?' | '*' | '+' | '{' | '}' | ']' => None,
            c => Some(Node::Word(c.to_string())),
        }
    }

    fn group(&mut self) -> Option<Node> {
        let mut slot = None;
        if !self.take("?:") {
            if self.take("?P<") {
                let (name, rest) = self.rest.split_once('>')?;
                let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase());
                if !plain || self.names.contains(&name) || self.groups >= MOST_GROUPS {
                    return None;
                }
                slot = Some(self.groups);
                self.names.push(name);
                self.rest = rest;
            } else if self.rest.starts_with('?') {
                return None;
            }
            self.groups += 1;
        }
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let node = self.alternation()?;
        self.depth -= 1;
        if !self.take(")") {
            return None;
        }
        Some(match slot {
            Some(slot) => Node::Named {
                slot,
                node: Box::new(node),
            },
            None => node,
        })
    }

    /// The count behind a node, if there is one; two of them are left to the crate.
    fn times(&mut self, node: Node) -> Option<Node> {
        let (least, most) = match self.rest.bytes().next() {
            Some(b'?') => (0, 1),
            Some(b'*') => (0, usize::MAX),
            Some(b'+') => (1, usize::MAX),
            Some(b'{') => return self.counted(node),
            _ => return Some(node),
        };
        self.next();
        self.repeated(node, least, most)
    }

    fn counted(&mut self, node: Node) -> Option<Node> {
        let (inner, rest) = self.rest[1..].split_once('}')?;
        let number = |text: &str| {
            let digits = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| text.parse::<usize>().ok()).flatten()
        };
        let (least, most) = match inner.split_once(',') {
            None => (number(inner)?, number(inner)?),
            Some((least, "")) => (number(least)?, usize::MAX),
            Some((least, most)) => (number(least)?, number(most)?),
        };
        self.rest = rest;
        (least <= most).then_some(())?;
        self.repeated(node, least, most)
    }

    fn repeated(&mut self, node: Node, least: usize, most: usize) -> Option<Node> {
        // A border or an anchor that is repeated is most likely a mistake.
        if matches!(node, Node::Start | Node::End | Node::LineStart | Node::Border) {
            return None;
        }
        let greedy = !self.take("?");
        let times = Times { least, most, greedy };
        (!self.rest.starts_with(['?', '*', '+', '{'])).then(|| repeated(node, times))
    }

    /// The rest of a class behind its bracket. Classes in classes are read, what is cut out of them is not.
    fn class(&mut self) -> Option<Set> {
        let negated = self.take("^");
        let mut ranges = Vec::new();
        self.class_items(&mut ranges)?;
        Some(Set::new(ranges, negated))
    }

    fn class_items(&mut self, ranges: &mut Vec<(char, char)>) -> Option<()> {
        // A bracket or a dash in the first place means itself, which the crate may sort out.
        if self.rest.starts_with([']', '-']) {
            return None;
        }
        loop {
            if ["&&", "--", "~~", "[:", "[^"]
                .iter()
                .any(|sign| self.rest.starts_with(sign))
            {
                return None;
            }
            let first = match self.next()? {
                ']' => return Some(()),
                '[' => {
                    self.depth += 1;
                    if self.depth > DEEPEST {
                        return None;
                    }
                    self.class_items(ranges)?;
                    self.depth -= 1;
                    continue;
                }
                '\\' => self.escaped()?,
                c => c,
            };
            let last = self.range_end(first)?;
            ranges.push((first, last));
        }
    }

    /// What ends a range behind its first character; that character itself if it is no range.
    fn range_end(&mut self, first: char) -> Option<char> {
        if !self.rest.starts_with('-') || self.rest.starts_with("-]") || self.rest.starts_with("--") {
            return Some(first);
        }
        self.next();
        let last = match self.next()? {
            '\\' => self.escaped()?,
            '[' | ']' | '-' => return None,
            c => c,
        };
        (first <= last).then_some(last)
    }

    /// A character behind a backslash that means a single character.
    fn escaped(&mut self) -> Option<char> {
        match self.next()? {
            'n' => Some('\n'),
            't' => Some('\t'),
            'r' => Some('\r'),
            'u' => {
                let (code, rest) = self.rest.strip_prefix('{')?.split_once('}')?;
                let hexadecimal =
                    (1..=6).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_hexdigit());
                self.rest = rest;
                char::from_u32(u32::from_str_radix(code, 16).ok().filter(|_| hexadecimal)?)
            }
            '<' | '>' => None,
            c if c.is_ascii_punctuation() => Some(c),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::Matcher;
    use crate::taxonomy::Taxonomy;
    use proptest::prelude::*;
    use regex_syntax::ast::parse::Parser;

    fn by_the_crate(source: &str) -> Option<Matcher> {
        Matcher::compile_any(&Parser::new().parse(source).ok()?)
    }

    #[test]
    fn nearly_all_built_in_cues_are_read_and_as_the_crate_reads_them() {
        let taxonomy = Taxonomy::builtin().expect("valid");
        let cues = taxonomy.patterns.iter().flat_map(|pattern| {
            let subs = pattern
                .subs
                .iter()
                .flat_map(|sub| sub.cues.iter().chain(&sub.negative));
            pattern.cues.iter().chain(&pattern.negative).chain(subs)
        });
        let (mut all, mut read) = (0, 0);
        for cue in cues {
            all += 1;
            let own = Matcher::read(cue.pattern.ascii());
            read += usize::from(own.is_some());
            assert!(
                own.is_none() || own == by_the_crate(cue.pattern.ascii()),
                "{}",
                cue.pattern.source()
            );
        }
        assert!(all > 300 && read * 20 > all * 19, "{read} of {all}");
    }

    #[test]
    fn what_is_not_plain_is_left_to_the_crate() {
        for source in [
            "(?i)a", "a**", "a{2}{3}", "a{,2}", "{2}", "a{3,2}", "*a", "(a", "a)", "[a", "[]a]", "[-a]",
            "[a-]b-", "[a&&b]", "[a--b]", "[b-a]", r"\d", r"\b", r"[\s]", r"\p{Han}", "^*", "(?P<a>",
            "(?<a>b)", "a]", r"a\",
        ] {
            let own = Matcher::read(source);
            assert!(own.is_none() || own == by_the_crate(source), "{source}");
        }
        assert!(read("(?i)a").is_none() && read(r"\d").is_none() && read("(a").is_none());
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

        #[test]
        fn what_is_read_is_what_the_crate_reads(
            parts in prop::collection::vec(
                prop::sample::select(vec![
                    "a", "b", "権", "限", "(", "(?:", ")", "|", "?", "*", "+", "{2}", "{0,9}", "{1,}", "[", "]", "^",
                    "$", ".", "-", "&", "~", ":", ",", r"\", r"\.", r"\n", r"\u{3000}", r"(?-u:\b)", "(?m:^)",
                    "(?P<value>", "[^。\n]", "[0-9a-z_]", "[a-c]", " ", "_", "<", "}", "{",
                ]),
                0..12,
            )
        ) {
            let source = parts.concat();
            if let Some(own) = Matcher::read(&source) {
                prop_assert_eq!(Some(own), by_the_crate(&source), "{}", source);
            }
        }
    }
}
