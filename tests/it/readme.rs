//! The README is true: its sample of the output is what the binary prints, its exit codes are those of the help.

use crate::tool::Room;

const README: &str = include_str!("../../README.md");

fn block(after: &str) -> &'static str {
    let rest = README
        .split_once(after)
        .unwrap_or_else(|| panic!("the README has no {after}"))
        .1;
    let block = rest.split_once("```text\n").expect("a text block follows").1;
    block.split_once("```").expect("the block ends").0
}

#[test]
fn the_pasted_output_is_the_real_one() {
    let text = Room::new()
        .run(&["report", "--sample", "--lang", "en", "--width", "100"])
        .good();
    let pasted = block("<!-- sample-en -->");
    assert!(
        text.starts_with(pasted.trim_end()),
        "paste the new output into the README:\n{text}"
    );
    let text = Room::new()
        .run(&["report", "--sample", "--lang", "ja", "--width", "100"])
        .good();
    let pasted = block("<!-- sample-ja -->");
    assert!(
        text.starts_with(pasted.trim_end()),
        "paste the new output into the README:\n{text}"
    );
}

#[test]
fn the_exit_codes_are_those_of_the_help() {
    let help = Room::new().run(&["--help"]).good();
    let codes = help.split_once("Exit codes:").expect("codes").1;
    for line in codes
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with(|c: char| c.is_ascii_digit()))
    {
        let (code, meaning) = line.split_once("  ").expect("a code and its meaning");
        assert!(
            README.contains(&format!("| {code} | {} |", meaning.trim())),
            "the README does not say: {line}"
        );
    }
}
