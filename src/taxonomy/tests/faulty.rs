//! What is wrong with a file is named at once, each fault with its place and a hint.

use super::*;

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
