//! Whether a regex can be read line by line, told by its nodes alone.

use super::node::Node;

/// Says whether every match lies within a line and is found when the line is all there is.
pub(super) fn stays_on_line(node: &Node) -> bool {
    match node {
        Node::Word(word) => !word.contains('\n'),
        Node::Set(set) | Node::Gap { set, .. } => !set.has('\n'),
        Node::Cat(nodes) => nodes.iter().all(stays_on_line),
        Node::Alt(alternatives) => alternatives.branches.iter().all(stays_on_line),
        Node::Optional { node, .. } | Node::Repeat { node, .. } | Node::Named { node, .. } => {
            stays_on_line(node)
        }
        Node::LineStart | Node::Border | Node::WideBorder => true,
        Node::Start | Node::End => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::matching::Matcher;
    use regex_syntax::ast::parse::Parser;

    #[test]
    fn ends_of_text_and_line_breaks_need_the_whole_text() {
        for (source, expected) in [
            (r"権限[^。\n]{0,9}(?:付与|追加)", true),
            (r"(?-u:\b)repos?(?-u:\b)|(?m:^)a", true),
            ("a.*b", true),
            ("権限[^。]{0,9}付与", false),
            (r"a[\s]b", false),
            ("^a", false),
            ("a$", false),
        ] {
            let ast = Parser::new().parse(source).unwrap();
            let matcher = Matcher::compile_any(&ast).unwrap();
            assert_eq!(matcher.stays_on_line(), expected, "{source}");
        }
    }
}
