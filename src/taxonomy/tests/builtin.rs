//! What holds for the built-in taxonomy.

use super::*;

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
    let cues = |pattern: &crate::taxonomy::Pattern| -> usize {
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
        let needs = |sub: &crate::taxonomy::SubPattern| {
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
