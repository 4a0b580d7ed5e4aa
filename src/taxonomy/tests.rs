//! What holds for any taxonomy file. Of the built-in one speaks `builtin`, of broken ones `faulty`.

mod builtin;
mod faulty;

use proptest::prelude::*;

use super::{Engine, Estimation, Exclusion, Lang, OTHER, Scope, Standing, Taxonomy, TaxonomyError};

/// A small valid file that tests spoil one line at a time.
const SMALL: &str = r#"schema_version = 1
version = "7"
[systems]
mill = { label = "Mill", alias = ['\bmill\b', '水車'] }
[slots]
wheel = { ja = "車輪", en = "wheel", entities = ["host"] }
[concepts]
turn = { ja = "回す", en = "turn", kind = "action", words = ["回して", "turn"] }
[foundations.ground]
ja = "土台"
en = "ground"
build_days = { low = 1, likely = 2, high = 3 }
upkeep_hours_per_quarter = 0
owner = "millers"
[plays.turner]
ja = "自動回し"
en = "turner"
kind = "bot"
foundation = "ground"
build_days = { low = 1, likely = 2, high = 3 }
automation_rate = { low = 0.1, likely = 0.5, high = 0.9 }
residual_minutes = 1
upkeep_hours_per_quarter = 1.5
owner = "millers"
risk = 1
[[exclude]]
reason = "test"
cues = [{ re = 'ためし', w = 2, in = "title" }]
statuses = ["試し"]
[[pattern]]
id = "grind"
ja = "粉ひき"
en = "Grinding"
priority = 1
families = ["turn"]
cues = [{ re = '回して', w = 2.0, fam = "turn" }, { re = '\bturn\b', w = 1, id = "turn-en" }]
negative = [{ re = '回すな', w = 1.0 }]
[[pattern.sub]]
id = "grind.fine"
ja = "細びき"
en = "Fine"
systems = ["mill"]
require_system = true
cues = [{ re = '細かく', w = 1.0 }]
slots = { required = ["wheel"] }
minutes = { low = 1, likely = 2, high = 3 }
plays = ["turner"]
risk = 2
[[pattern]]
id = "other"
ja = "その他"
en = "Other"
priority = 9
[[lineage]]
from = "milling"
to = ["grind"]
relation = "renamed"
version = "6"
date = "2026-04-01"
[[lineage]]
from = "milling.fine"
to = ["grind.fine"]
relation = "merged"
version = "6"
date = "2026-04-01"
[[lineage]]
from = "milling.old"
to = ["milling.fine"]
relation = "renamed"
version = "5"
date = "2026-01-01"
[[lineage]]
from = "sift"
to = ["grind", "other"]
relation = "split"
version = "7"
date = "2026-07-01"
[[lineage]]
from = "husk"
relation = "retired"
version = "4"
date = "2025-10-01"
"#;

fn small() -> Taxonomy {
    Taxonomy::parse("small.toml", SMALL).unwrap()
}

/// Parses the small file with one text replaced and returns "line: message" of each fault.
fn faults_after(from: &str, to: &str) -> Vec<String> {
    assert!(SMALL.contains(from), "nothing to spoil: {from}");
    faults(&SMALL.replacen(from, to, 1))
}

fn faults(text: &str) -> Vec<String> {
    let TaxonomyError { faults } = Taxonomy::parse("small.toml", text).unwrap_err();
    assert!(
        faults
            .iter()
            .all(|fault| !fault.hint.is_empty() && fault.file == "small.toml")
    );
    faults
        .into_iter()
        .map(|fault| format!("{}: {}", fault.line, fault.message))
        .collect()
}

#[test]
fn lookups_find_by_id() {
    let small = small();
    assert_eq!(small.version, "7");
    assert_eq!(small.pattern("grind").unwrap().name.get(Lang::En), "Grinding");
    let (pattern, sub) = small.sub("grind.fine").unwrap();
    assert_eq!((pattern.id.as_str(), sub.name.get(Lang::Ja)), ("grind", "細びき"));
    assert_eq!(
        small.play("turner").unwrap().foundation.as_deref(),
        Some("ground")
    );
    assert!(
        small.foundation("ground").is_some()
            && small.slot("wheel").is_some()
            && small.system("mill").is_some()
    );
    assert!(small.pattern("grind.fine").is_none() && small.sub("grind").is_none());
}

#[test]
fn cues_are_named_by_place_unless_they_name_themselves() {
    let small = small();
    let grind = small.pattern("grind").unwrap();
    let ids: Vec<_> = grind
        .cues
        .iter()
        .chain(&grind.negative)
        .map(|cue| cue.id.as_str())
        .collect();
    assert_eq!(ids, ["grind.cue.1", "turn-en", "grind.not.1"]);
    assert_eq!(grind.subs[0].cues[0].id, "grind.fine.cue.1");
    let exclusion = &small.exclusions[0];
    assert_eq!(
        (exclusion.reason, exclusion.cues[0].scope),
        (Exclusion::Test, Scope::Title)
    );
}

#[test]
fn ids_that_were_given_up_lead_to_present_ones() {
    let small = small();
    assert_eq!(small.standing("milling"), Standing::Now("grind"));
    assert_eq!(small.standing("milling.fine"), Standing::Now("grind.fine"));
    assert_eq!(small.standing("milling.old"), Standing::Now("grind.fine"));
    assert_eq!(small.standing("grind"), Standing::Now("grind"));
    assert_eq!(small.standing("sift"), Standing::Split(vec!["grind", "other"]));
    assert_eq!(small.standing("husk"), Standing::Retired("4"));
    assert_eq!(small.standing("baking"), Standing::Unknown);
}

#[test]
fn history_that_cannot_be_is_refused() {
    let faults = |from: &str, to: &str| faults_after(from, to).join("\n");
    let own = "from = \"milling.fine\"";
    assert!(faults(own, "from = \"grind.fine\"").contains("`grind.fine` is in use"));
    assert!(faults("to = [\"grind.fine\"]", "to = [\"grind.gone\"]").contains("leads to `grind.gone`"));
    assert!(faults("to = [\"grind.fine\"]", "to = [\"milling.old\"]").contains("leads back to itself"));
    assert!(faults("to = [\"grind\", \"other\"]", "to = [\"grind\"]").contains("split and names 1 ids"));
    assert!(faults(own, "from = \"milling\"").contains("is told twice"));
    assert!(faults("date = \"2026-07-01\"", "date = \"2026-07-41\"").contains("which is no date"));
    assert!(faults("relation = \"split\"", "relation = \"cut\"").contains("`cut`"));
}

#[test]
fn a_split_may_keep_its_id() {
    let kept = SMALL.replacen("from = \"sift\"", "from = \"grind\"", 1);
    let kept = Taxonomy::parse("x", &kept).unwrap();
    assert_eq!(kept.standing("grind"), Standing::Split(vec!["grind", "other"]));
}

#[test]
fn the_hash_follows_the_bytes() {
    let other = Taxonomy::parse("x", &format!("{SMALL}# a remark\n")).unwrap();
    assert_eq!(small().hash.len(), 16);
    assert_ne!(small().hash, other.hash);
}

#[test]
fn entries_keep_the_order_of_the_file() {
    let text = SMALL.replacen(
        "[slots]",
        "anvil = { label = \"Anvil\", alias = ['anvil'] }\n[slots]",
        1,
    );
    let taxonomy = Taxonomy::parse("x", &text).unwrap();
    let ids: Vec<_> = taxonomy.systems.iter().map(|system| system.id.as_str()).collect();
    assert_eq!(ids, ["mill", "anvil"]);
}

#[test]
fn a_text_in_one_language_stands_for_both() {
    let text = SMALL.replace(
        "owner = \"millers\"\nrisk",
        "owner = { ja = \"粉屋\", en = \"millers\" }\nprerequisites = [\"water\"]\nrisk",
    );
    let small = Taxonomy::parse("small.toml", &text).unwrap();
    let play = small.play("turner").unwrap();
    assert_eq!(play.owner.get(Lang::Ja), "粉屋");
    assert_eq!(
        (
            play.prerequisites[0].ja.as_str(),
            play.prerequisites[0].en.as_str()
        ),
        ("water", "water")
    );
}

#[test]
fn a_faulty_play_does_not_spoil_what_names_it() {
    let faults = faults_after("residual_minutes = 1\n", "");
    assert_eq!(faults, ["15: play `turner` has no `residual_minutes`"]);
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,200}") {
        let _ = Taxonomy::parse("any", &text);
    }

    #[test]
    fn a_file_with_any_line_lost_is_read_or_refused_with_places(line in 0..SMALL.lines().count()) {
        let text: String = SMALL.lines().enumerate().filter(|(at, _)| *at != line).map(|(_, text)| format!("{text}\n")).collect();
        if let Err(error) = Taxonomy::parse("x", &text) {
            prop_assert!(!error.faults.is_empty());
            prop_assert!(error.faults.iter().all(|fault| (1..=text.lines().count()).contains(&fault.line)));
        }
    }
}

#[test]
fn other_is_the_name_of_the_rest() {
    assert_eq!(Taxonomy::builtin().unwrap().pattern(OTHER).unwrap().subs.len(), 0);
}
