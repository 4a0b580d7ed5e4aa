//! Terraform's own syntax: quoting that nothing escapes from, and blocks laid out as `terraform fmt` would.

use std::fmt::Write;

use crate::text::plain;

/// Quotes a text so that Terraform reads exactly it: no interpolation, no directive, no control character.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // `$${` is a literal `${`, but what `$$${` is depends on the parser: then the code says it.
            '$' | '%' if rest.peek() == Some(&'{') && before != c => {
                out.push(c);
                out.push(c);
            }
            '$' | '%' if rest.peek() == Some(&'{') => push_code(&mut out, c),
            c if c.is_control() || is_unseen(c) => push_code(&mut out, c),
            c => out.push(c),
        }
        before = c;
    }
    out.push('"');
    out
}

/// Quotes a template of the taxonomy: `{}` becomes the expression, `${…}` stays what it is.
pub(super) fn template(template: &str, expression: &str) -> String {
    let escaped = template
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n");
    format!("\"{}\"", escaped.replace("{}", &format!("${{{expression}}}")))
}

/// A list of literal texts.
pub(super) fn list(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    format!("[{}]", texts.join(", "))
}

fn push_code(out: &mut String, c: char) {
    let code = u32::from(c);
    let _ = if code > 0xffff {
        write!(out, "\\U{code:08x}")
    } else {
        write!(out, "\\u{code:04x}")
    };
}

/// Whether a reader of the file could not see the character, or would see others in another order.
fn is_unseen(c: char) -> bool {
    !c.is_whitespace() && plain(c.encode_utf8(&mut [0; 4])).is_empty()
}

/// The body of a block or file.
#[derive(Debug, Default)]
pub(super) struct Body {
    items: Vec<Item>,
}

#[derive(Debug)]
enum Item {
    Comment(String),
    Argument(String, String),
    Block(String, Body),
    Blank,
}

impl Body {
    /// Adds comment lines; text from tickets is made harmless.
    pub(super) fn comment(&mut self, text: &str) -> &mut Self {
        for line in text.lines() {
            self.items.push(Item::Comment(plain(line)));
        }
        self
    }

    /// Adds an argument with an expression. One of several lines has them indented from zero.
    pub(super) fn argument(&mut self, name: &str, expression: impl Into<String>) -> &mut Self {
        self.items
            .push(Item::Argument(name.to_owned(), expression.into()));
        self
    }

    /// Adds a block; a blank line sets it apart.
    pub(super) fn block(&mut self, head: impl Into<String>, body: Self) -> &mut Self {
        if matches!(self.items.last(), Some(Item::Argument(..) | Item::Block(..))) {
            self.items.push(Item::Blank);
        }
        self.items.push(Item::Block(head.into(), body));
        self
    }

    pub(super) fn blank(&mut self) -> &mut Self {
        self.items.push(Item::Blank);
        self
    }

    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Adds all of another body.
    pub(super) fn append(&mut self, other: Self) -> &mut Self {
        self.items.extend(other.items);
        self
    }

    /// Writes the body of a file.
    pub(super) fn render(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, 0);
        out
    }

    fn write(&self, out: &mut String, depth: usize) {
        for (at, item) in self.items.iter().enumerate() {
            match item {
                Item::Blank => out.push('\n'),
                Item::Comment(text) if text.is_empty() => line(out, depth, "#"),
                Item::Comment(text) => line(out, depth, &format!("# {text}")),
                Item::Argument(name, expression) => {
                    let width = self.width_at(at);
                    let mut lines = expression.lines();
                    let first = lines.next().unwrap_or_default();
                    line(out, depth, &format!("{name:width$} = {first}"));
                    lines.for_each(|next| line(out, depth, next));
                }
                Item::Block(head, body) if body.items.is_empty() => line(out, depth, &format!("{head} {{}}")),
                Item::Block(head, body) => {
                    line(out, depth, &format!("{head} {{"));
                    body.write(out, depth + 1);
                    line(out, depth, "}");
                }
            }
        }
    }

    /// Width of the longest name among the neighbouring arguments of one line each.
    fn width_at(&self, at: usize) -> usize {
        let single = |item: &Item| match item {
            Item::Argument(name, expression) if !expression.contains('\n') => Some(name.len()),
            _ => None,
        };
        let Some(own) = single(&self.items[at]) else {
            return 0;
        };
        let before = self.items[..at].iter().rev().map_while(single);
        let after = self.items[at + 1..].iter().map_while(single);
        before.chain(after).fold(own, usize::max)
    }
}

fn line(out: &mut String, depth: usize, text: &str) {
    if !text.is_empty() {
        out.push_str(&"  ".repeat(depth));
        out.push_str(text);
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn templates_and_quotes_are_only_text() {
        assert_eq!(quoted("a\"b\\c"), r#""a\"b\\c""#);
        assert_eq!(
            quoted("${file(\"/etc/passwd\")}"),
            r#""$${file(\"/etc/passwd\")}""#
        );
        assert_eq!(quoted("%{ if true }"), r#""%%{ if true }""#);
        assert_eq!(quoted("$${x}"), r#""$\u0024{x}""#);
        assert_eq!(quoted("a\n\u{1b}[31m\u{202e}"), r#""a\n\u001b[31m\u202e""#);
    }

    #[test]
    fn neighbours_are_aligned_and_blocks_set_apart() {
        let mut inner = Body::default();
        inner.argument("kind", "\"Group\"");
        let mut body = Body::default();
        body.argument("a", "1")
            .argument("long", "2")
            .block("subject", inner);
        assert_eq!(
            body.render(),
            "a    = 1\nlong = 2\n\nsubject {\n  kind = \"Group\"\n}\n"
        );
    }

    proptest! {
        #[test]
        fn a_quoted_text_is_read_back_as_it_was(text in "[ -~\\n\\t$%{}\"\\\\権\\u{202e}\\u{7}]{0,40}") {
            let source = format!("x = {}\n", quoted(&text));
            let body: hcl::Body = hcl::from_str(&source).unwrap();
            let read = body.attributes().next().unwrap().expr().clone();
            prop_assert_eq!(read, hcl::Expression::String(text));
        }
    }
}
