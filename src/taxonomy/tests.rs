//! What holds for any taxonomy file, and for the built-in one.

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
fn the_builtin_taxonomy_has_no_fault() {
    // `builtin` trusts this test; only `parse` checks every regex.
    if let Err(error) = Taxonomy::parse("data/taxonomy.toml", Taxonomy::BUILTIN) {
        panic!("{error}");
    }
}

#[test]
fn the_builtin_taxonomy_states_the_defaults() {
    let builtin = Taxonomy::builtin().unwrap();
    assert_eq!(builtin.engine, Engine::default());
    assert_eq!(builtin.estimation, Estimation::default());
}

#[test]
fn the_builtin_patterns_are_those_of_the_contract() {
    let builtin = Taxonomy::builtin().unwrap();
    let ids: Vec<_> = builtin
        .patterns
        .iter()
        .map(|pattern| pattern.id.as_str())
        .collect();
    let fixed = [
        "account",
        "permission",
        "investigation",
        "consultation",
        "environment",
        "tool_config",
        "other",
    ];
    assert_eq!(ids, fixed);
}

#[test]
fn every_builtin_matcher_builds() {
    let builtin = Taxonomy::builtin().unwrap();
    let cues = |pattern: &super::Pattern| -> usize {
        let own = pattern.cues.iter().chain(&pattern.negative);
        let subs = pattern
            .subs
            .iter()
            .flat_map(|sub| sub.cues.iter().chain(&sub.negative));
        own.chain(subs)
            .map(|cue| cue.pattern.regex().as_str().len())
            .sum()
    };
    assert!(builtin.patterns.iter().map(cues).sum::<usize>() > 0);
    let detectors = builtin
        .slots
        .iter()
        .flat_map(|slot| slot.detect.iter().chain(&slot.reject));
    for pattern in detectors.chain(builtin.systems.iter().flat_map(|system| &system.alias)) {
        assert!(!pattern.is_match(""), "{}", pattern.source());
    }
}

#[test]
fn every_builtin_play_slot_and_system_is_used() {
    let builtin = Taxonomy::builtin().unwrap();
    let subs = || builtin.patterns.iter().flat_map(|pattern| &pattern.subs);
    for play in &builtin.plays {
        assert!(subs().any(|sub| sub.plays.contains(&play.id)), "play {}", play.id);
    }
    for slot in &builtin.slots {
        let needs = |sub: &super::SubPattern| {
            [&sub.slots.required, &sub.slots.optional].map(|ids| ids.contains(&slot.id))
        };
        assert!(subs().any(|sub| needs(sub).contains(&true)), "slot {}", slot.id);
    }
    for system in &builtin.systems {
        assert!(
            subs().any(|sub| sub.systems.contains(&system.id)),
            "system {}",
            system.id
        );
    }
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
fn all_faults_are_named_at_once_in_order() {
    let text = SMALL
        .replacen("kind = \"action\"", "kind = \"deed\"", 1)
        .replacen("w = 2.0", "w = 0", 1)
        .replacen("systems = [\"mill\"]", "systems = [\"mil\"]", 1)
        .replacen("priority = 9", "priorities = 9", 1);
    let faults = faults(&text);
    let lines: Vec<_> = faults
        .iter()
        .map(|fault| fault.split(':').next().unwrap())
        .collect();
    assert_eq!(lines, ["8", "36", "42", "49", "53"], "{faults:#?}");
}

#[test]
fn a_fault_shows_place_and_hint() {
    let error = Taxonomy::parse("small.toml", &SMALL.replacen("risk = 2", "risk = 5", 1)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "1 fault in the taxonomy\n\
         small.toml:48: `risk` of sub-pattern `grind.fine` is 5\n    write a whole number from 1 to 4"
    );
}

#[test]
fn broken_toml_is_one_fault_with_line_and_column() {
    let faults = faults_after("risk = 1\n", "risk = = 1\n");
    assert_eq!(faults.len(), 1);
    assert!(
        faults[0].starts_with("25: this is no TOML, column 8"),
        "{faults:?}"
    );
}

#[test]
fn single_faults_are_named() {
    for (from, to, message) in SPOILS {
        let faults = faults_after(from, to);
        assert!(
            faults.iter().any(|fault| fault.contains(message)),
            "{to}: {faults:#?}"
        );
    }
}

/// What to replace in the small file, by what, and a part of the fault that must follow.
const SPOILS: [(&str, &str, &str); 28] = [
    ("id = \"grind\"", "id = \"Grind\"", "`id` of a pattern is `Grind`"),
    (
        "grind.fine\"",
        "grain.fine\"",
        "`id` of a sub-pattern is `grain.fine`",
    ),
    ("id = \"other\"", "id = \"grind\"", "the id `grind` is taken"),
    ("id = \"other\"", "id = \"rest\"", "there is no pattern `other`"),
    ("en = \"Fine\"\n", "", "sub-pattern `grind.fine` has no `en`"),
    (
        "en = \"Fine\"",
        "en = \" \"",
        "`en` of sub-pattern `grind.fine` is empty",
    ),
    (
        "ja = \"粉ひき\"",
        "ja = 3",
        "`ja` of pattern `grind` is a TOML integer",
    ),
    (
        "turn\\b', w = 1,",
        "turn\\b', w = 11,",
        "`w` of cue `grind.cue.2` is 11",
    ),
    (
        "turn\\b', w = 1,",
        "turn\\b', w = nan,",
        "`w` of cue `grind.cue.2` is NaN",
    ),
    ("fam = \"turn\"", "fam = \"spin\"", "unknown family `spin`"),
    ("in = \"title\"", "in = \"head\"", "is `head`"),
    (
        "id = \"turn-en\"",
        "id = \"grind.cue.1\"",
        "a second cue has the id `grind.cue.1`",
    ),
    ("re = '回して'", "re = '(回して'", "is no regex"),
    ("re = '細かく'", "re = 'ﾎｿｸ'", "never stands in normalised text"),
    ("'水車'", "'モーター'", "`モーター` misses tickets"),
    (
        "\"回して\", \"turn\"",
        "\"ローター\"",
        "`ローター` never stands in normalised text",
    ),
    (
        "entities = [\"host\"]",
        "entities = [\"ghost\"]",
        "unknown kind of entity `ghost`",
    ),
    (
        "required = [\"wheel\"]",
        "required = [\"wheels\"]",
        "unknown slot `wheels`",
    ),
    (
        "plays = [\"turner\"]",
        "plays = [\"tuner\"]",
        "unknown play `tuner`",
    ),
    (
        "foundation = \"ground\"",
        "foundation = \"sand\"",
        "unknown foundation `sand`",
    ),
    ("systems = [\"mill\"]\n", "", "requires a system and lists none"),
    ("minutes = { low = 1", "minutes = { low = 5", "runs 5, 2, 3"),
    (
        "minutes = { low = 1",
        "minutes = { low = 0",
        "`low` of `minutes` of sub-pattern `grind.fine` is 0",
    ),
    (
        "high = 0.9",
        "high = 1.1",
        "`high` of `automation_rate` of play `turner` is 1.1",
    ),
    (
        "reason = \"test\"",
        "reason = \"boring\"",
        "`reason` of an exclusion is `boring`",
    ),
    (
        "schema_version = 1",
        "schema_version = 2",
        "`schema_version` of the taxonomy is 2",
    ),
    (
        "[systems]",
        "[engine]\npattern_share = 1.5\n[systems]",
        "`pattern_share` of [engine] is 1.5",
    ),
    (
        "[systems]",
        "[engine]\nclause_weight = { asks = 1 }\n[systems]",
        "an unknown key `asks`",
    ),
];

/// A resource for the play of the small file.
const RESOURCE: &str = r#"risk = 1
[[plays.turner.resources]]
name = "mill_wheel"
authority = "additive"
required = ["name", "axis"]
optional = ["speed"]
when = "wheel"
[plays.turner.resources.fill]
name = { slot = "wheel", pattern = '^[a-z]+$' }
'axis.length' = 3
speed = { entry = "speed", choices = { slow = ["遅く"], fast = [] }, default = "slow" }
[[exclude]]"#;

#[test]
fn a_repetition_that_terraform_refuses_is_refused() {
    let many = RESOURCE.replace("'^[a-z]+$'", "'^[a-z]{1,1024}$'");
    let text = SMALL.replace("risk = 1\n[[exclude]]", &many);
    let fault = Taxonomy::parse("small.toml", &text).unwrap_err().to_string();
    assert!(fault.contains("repeats 1024 times"), "{fault}");
}

#[test]
fn resources_say_where_their_arguments_come_from() {
    let text = SMALL.replace("risk = 1\n[[exclude]]", RESOURCE);
    let small = Taxonomy::parse("small.toml", &text).unwrap();
    let resource = &small.play("turner").unwrap().resources[0];
    assert_eq!(resource.provider(), "mill");
    assert!(resource.draft && resource.demands("axis.length") && !resource.demands("speed"));
    let names: Vec<&str> = resource.entries().map(|(_, given)| given.name.as_str()).collect();
    assert_eq!(names, ["wheel", "speed"]);
}

#[test]
fn every_fault_of_a_resource_is_told() {
    for (from, to, fault) in [
        (
            "optional = [\"speed\"]",
            "",
            "`speed` is filled, which is no argument of resource `mill_wheel`",
        ),
        ("slot = \"wheel\"", "slot = \"weel\"", "unknown slot `weel`"),
        (
            "when = \"wheel\"",
            "when = \"rim\"",
            "goes by `rim`, which no entry gives",
        ),
        ("\"additive\"", "\"total\"", "is `total`"),
        (
            "\"additive\"",
            "\"authoritative\"\ndraft = true",
            "is authoritative and to be drafted",
        ),
        ("'^[a-z]+$'", "'[a-z]+'", "`pattern` of"),
        (
            "= 3",
            "= { of = \"mill_axis\" }",
            "is of `mill_axis`, which play `turner` does not draft above it",
        ),
        (
            "= 3",
            "= { slot = \"wheel\", hcl = 'x' }",
            "does not say where its value comes from",
        ),
        ("'axis.length'", "'axis.'", "names no argument"),
        ("\"mill_wheel\"", "\"Mill\"", "is `Mill`"),
        ("when = ", "whenn = ", "an unknown key `whenn`"),
    ] {
        let spoilt = RESOURCE.replace(from, to);
        assert_ne!(spoilt, RESOURCE, "{from}");
        let faults = faults_after("risk = 1\n[[exclude]]", &spoilt);
        assert!(
            faults.iter().any(|found| found.contains(fault)),
            "{fault}: {faults:?}"
        );
    }
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
