//! One whole draft as a reader gets it: the first candidate of the sample, in Japanese, all files one below the other.

use std::fmt::Write;

use crate::tool::{Room, SAMPLE};

#[test]
fn a_draft_of_the_sample_reads_like_this() {
    let room = Room::new();
    let draft = ["draft", "tf_bigquery_iam", "-", "--output", "out", "--lang", "ja"];
    let listed = room.pipe(&draft, SAMPLE).good();
    let mut whole = String::new();
    for path in listed.lines() {
        let text = std::fs::read_to_string(room.path().join(path)).expect("a file of the draft");
        write!(whole, "======== {path}\n{text}\n").expect("text");
    }
    insta::with_settings!({ snapshot_path => "../golden", prepend_module_to_snapshot => false, omit_expression => true, filters => vec![
        (r"toilscope \d+\.\d+\.\d+", "toilscope [version]"),
        (r"分類表 [0-9a-f]{16}", "分類表 [hash]"),
    ] }, {
        insta::assert_snapshot!("draft_tf_bigquery_iam_ja", whole);
    });
}
