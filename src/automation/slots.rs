//! Which of the values that an automation would need a ticket already gives.
//!
//! The first of the pipeline's two questions about a ticket: can a machine carry it out as it is written? Reads what
//! `text` has found (entities, form answers, normalised prose) and runs a regex only where those say nothing.

use crate::taxonomy::{Slot, SlotNeeds, Taxonomy};
use crate::text::{Entity, EntityKind, Recognizer};
use std::borrow::Cow;

/// The slot that a known requester fills: who asks for a permission without naming anybody asks for themselves.
const PERSON: &str = "person";

/// What one ticket gives.
#[derive(Debug, Clone, Copy)]
pub struct Filled<'a> {
    /// All prose and form answers, normalised.
    pub text: &'a str,
    /// Kinds of entity found in it, by the names of [`ENTITY_KINDS`](crate::taxonomy::ENTITY_KINDS).
    pub entities: &'a [&'a str],
    /// Form labels with an answer, normalised.
    pub labels: &'a [&'a str],
    /// Whether the board knows who asked.
    pub has_requester: bool,
}

/// Lists the needed slots that a ticket fills, in the order of the needs, required ones first.
///
/// Called once a ticket: entities and form labels are asked before any regex is.
#[must_use]
pub fn slots_present(needs: &SlotNeeds, taxonomy: &Taxonomy, filled: &Filled<'_>) -> Vec<String> {
    let needed = needs.required.iter().chain(&needs.optional);
    let present = needed.filter(|id| taxonomy.slot(id).is_some_and(|slot| is_filled(slot, filled)));
    present.cloned().collect()
}

/// Says whether every required slot is among those present. What needs nothing is complete.
#[must_use]
pub fn is_complete(needs: &SlotNeeds, present: &[String]) -> bool {
    needs.required.iter().all(|id| present.contains(id))
}

/// Says whether an entity is a value that a slot can take, where it stands in a text: a length of time that says by
/// when something is wanted, since when it is so, or how often, is none for how long.
#[must_use]
pub fn is_value(text: &str, entity: &Entity) -> bool {
    const BEHIND: [&str; 9] = ["以内", "後", "前", "ほど前", "ぶり", "おき", "ごと", "経", "ago"];
    const BEFORE: [&str; 9] = [
        " in",
        "within",
        "in the next",
        "within the next",
        "every",
        "past",
        "過去",
        "直近",
        "毎",
    ];
    if entity.kind != EntityKind::Duration {
        return true;
    }
    let (Some(before), Some(behind)) = (text.get(..entity.range.start), text.get(entity.range.end..)) else {
        return true;
    };
    let before = before.trim_end();
    let told = BEHIND.iter().any(|word| behind.trim_start().starts_with(word))
        || before == "in"
        || BEFORE.iter().any(|word| before.ends_with(word));
    !told
}

fn is_filled(slot: &Slot, filled: &Filled<'_>) -> bool {
    (filled.has_requester && slot.id == PERSON)
        || slot
            .entities
            .iter()
            .any(|kind| filled.entities.contains(&kind.as_str()))
        || filled.labels.iter().any(|label| asks_for_any(label, &slot.form))
        || is_detected(slot, filled.text)
}

/// Says whether a form label asks for the thing of this name.
///
/// A Japanese label carries its head last: 「希望する権限」 asks for a 権限, 「権限が必要な理由」 does not. Latin names are
/// compared whole, for "service name" is no "name".
pub(super) fn asks_for(label: &str, name: &str) -> bool {
    asks_for_any(label, &[name])
}

/// Says whether a form label asks for a thing of one of these names.
fn asks_for_any(label: &str, names: &[impl AsRef<str>]) -> bool {
    let label = undecorated(label);
    let bare = label.strip_suffix('名').unwrap_or(label);
    names.iter().map(AsRef::as_ref).any(|name| {
        let head_last = name.ends_with(|last: char| !last.is_ascii());
        let asks = |label: &str| {
            if head_last {
                label.ends_with(name)
            } else {
                label == name
            }
        };
        !name.is_empty() && (asks(label) || asks(bare))
    })
}

/// The label without what forms hang on it: 「期限 (任意)」, "role *", 「リポジトリ:」.
pub(super) fn undecorated(label: &str) -> &str {
    let end = label.find('(').filter(|&at| at > 0).unwrap_or(label.len());
    label[..end].trim_matches(|c: char| !c.is_alphanumeric())
}

fn is_detected(slot: &Slot, text: &str) -> bool {
    detected(slot, text).is_some()
}

/// Returns a text without what would be mistaken for something else: the domain of an address is no data set, a
/// password no name.
#[must_use]
pub fn readable<'x>(text: &'x str, entities: &[Entity]) -> Cow<'x, str> {
    let misread = |entity: &&Entity| matches!(entity.kind, EntityKind::Mail | EntityKind::Secret);
    let hidden: Vec<Entity> = entities.iter().filter(misread).cloned().collect();
    if hidden.is_empty() {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(Recognizer::mask_found(text, &hidden))
    }
}

fn detected<'x>(slot: &Slot, text: &'x str) -> Option<&'x str> {
    let rejected = |found: &str| slot.reject.iter().any(|reject| reject.is_match(found));
    let mut detect = slot.detect.iter().filter(|detect| detect.has_needles(text));
    detect.find_map(|detect| {
        let mut found = detect.find_iter(text).map(|range| &text[range]);
        found.find(|found| !rejected(found))
    })
}

/// Kinds of entity that name or reach a person, or open a door: never collected as values.
const PRIVATE: [EntityKind; 7] = [
    EntityKind::Person,
    EntityKind::Mail,
    EntityKind::Handle,
    EntityKind::Phone,
    EntityKind::Ip,
    EntityKind::Account,
    EntityKind::Secret,
];

/// Returns what a ticket gives for a slot, as it is written: an entity, else the answer of a form field, else what the
/// slot detects. `None` for slots that people or doors fill, whatever the ticket says. `answers` are labels with what
/// was answered.
pub(super) fn value(
    slot: &Slot,
    text: &str,
    entities: &[Entity],
    answers: &[(&str, &str)],
) -> Option<String> {
    if PRIVATE
        .iter()
        .any(|kind| slot.entities.iter().any(|name| name == kind.name()))
    {
        return None;
    }
    let is_kind = |entity: &&Entity| {
        slot.entities.iter().any(|kind| kind == entity.kind.name()) && is_value(text, entity)
    };
    let entity = entities.iter().find(is_kind).map(|entity| entity.value(text));
    let is_asked = |(label, _): &&(&str, &str)| asks_for_any(label, &slot.form);
    let answer = || answers.iter().find(is_asked).map(|(_, answer)| *answer);
    let given = entity.or_else(answer).map(str::to_owned);
    given.or_else(|| detected(slot, &readable(text, entities)).map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    static TAXONOMY: LazyLock<Taxonomy> = LazyLock::new(|| Taxonomy::parse("test.toml", TEXT).unwrap());

    const TEXT: &str = r#"
        schema_version = 1
        version = "1"

        [slots]
        person = { ja = "対象者", en = "person", entities = ["person", "mail"], form = ["対象者", "name"] }
        role = { ja = "権限", en = "role", form = ["権限", "role"], detect = ['\b(viewer|admin)\b'] }
        repository = { ja = "リポジトリ", en = "repository", form = ["リポジトリ"], detect = ['[a-z]+/[a-z]+'], reject = ['^roles/', '^(and|or)/'] }

        [[pattern]]
        id = "other"
        ja = "その他"
        en = "Other"
        priority = 9
        toil_default = false
    "#;

    const NOTHING: Filled<'_> = Filled {
        text: "",
        entities: &[],
        labels: &[],
        has_requester: false,
    };

    fn needs() -> SlotNeeds {
        SlotNeeds {
            required: vec!["repository".into(), "person".into()],
            optional: vec!["role".into()],
        }
    }

    fn present(filled: Filled<'_>) -> Vec<String> {
        slots_present(&needs(), &TAXONOMY, &filled)
    }

    fn present_with_label(label: &str) -> Vec<String> {
        present(Filled {
            labels: &[label],
            ..NOTHING
        })
    }

    #[test]
    fn slots_come_in_the_order_of_the_needs() {
        let found = present(Filled {
            text: "viewer of kawa/semi",
            entities: &["mail"],
            ..NOTHING
        });
        assert_eq!(found, ["repository", "person", "role"]);
        assert!(is_complete(&needs(), &found));
    }

    /// What the built-in taxonomy finds in a text for one of its slots.
    fn builtin_gives(slot: &str, text: &str, labels: &[&str]) -> bool {
        let taxonomy = Taxonomy::builtin().unwrap();
        let text = crate::text::fold(text);
        let entities = Recognizer::new(&std::collections::BTreeSet::new()).find(&text);
        let kinds: Vec<&str> = entities
            .iter()
            .filter(|entity| is_value(&text, entity))
            .map(|entity| entity.kind.name())
            .collect();
        let filled = Filled {
            text: &text,
            entities: &kinds,
            labels,
            has_requester: true,
        };
        is_filled(taxonomy.slot(slot).unwrap(), &filled)
    }

    #[test]
    fn a_deadline_is_not_a_duration() {
        for text in [
            "9/30までに権限を付与してください",
            "明日までにお願いします",
            "今週中に招待してください",
            "please grant viewer by 9/30",
            "2時間以内に対応をお願いします",
            "3営業日以内でお願いします",
            "can you do it within 2 hours",
            "9/30に使います",
            "3日前から入れません",
        ] {
            assert!(!builtin_gives("duration", text, &[]), "{text}");
        }
        for text in [
            "9/30までの閲覧権限をください",
            "2026-09-30まで利用します",
            "9月末まで使う検証環境がほしい",
            "今月末まで、本番の権限をください",
            "2時間だけ本番の権限をください",
            "期間は9/30までです",
            "9/1~9/30の権限をお願いします",
            "please grant viewer until 9/30",
            "access for 2 weeks",
            "until friday",
            "until: end of march",
            "two weeks is enough",
            "明日 9/4 13:00~15:00 のあいだだけ",
        ] {
            assert!(builtin_gives("duration", text, &[]), "{text}");
        }
        for label in ["希望期限", "対応期限", "期限", "納期", "due date"] {
            assert!(!builtin_gives("duration", "", &[label]), "{label}");
        }
        for label in [
            "利用期間",
            "有効期限",
            "付与期間",
            "until",
            "expiry",
            "期間・期限",
        ] {
            assert!(builtin_gives("duration", "", &[label]), "{label}");
        }
    }

    #[test]
    fn a_number_alone_is_no_error_text() {
        assert!(!builtin_gives("error_text", "500 usersを招待", &[]));
        assert!(builtin_gives("error_text", "500エラーが出ます", &[]));
        assert!(builtin_gives("error_text", "http 503", &[]));
        assert!(builtin_gives("error_text", "10回に1回くらい502を返します", &[]));
        assert!(builtin_gives("error_text", "403 forbidden", &[]));
    }

    #[test]
    fn an_empty_ticket_fills_nothing() {
        assert!(present(NOTHING).is_empty());
        assert!(!is_complete(&needs(), &[]));
        assert!(is_complete(&SlotNeeds::default(), &[]));
    }

    #[test]
    fn the_requester_is_the_person_unless_another_is_named() {
        assert_eq!(
            present(Filled {
                has_requester: true,
                ..NOTHING
            }),
            ["person"]
        );
    }

    #[test]
    fn a_rejected_text_does_not_hide_the_one_behind_it() {
        assert!(
            present(Filled {
                text: "roles/owner",
                ..NOTHING
            })
            .is_empty()
        );
        assert_eq!(
            present(Filled {
                text: "roles/owner on kawa/semi",
                ..NOTHING
            }),
            ["repository"]
        );
    }

    #[test]
    fn japanese_labels_are_known_by_their_last_word() {
        assert_eq!(present_with_label("希望する権限 (必須)"), ["role"]);
        assert_eq!(present_with_label("対象リポジトリ名"), ["repository"]);
        assert!(present_with_label("権限が必要な理由").is_empty());
    }

    #[test]
    fn latin_labels_are_known_whole() {
        assert_eq!(present_with_label("role *"), ["role"]);
        assert!(present_with_label("service name").is_empty());
        assert!(present_with_label("(").is_empty());
    }

    #[test]
    fn a_need_without_a_slot_is_never_filled() {
        let needs = SlotNeeds {
            required: vec!["unheard_of".into()],
            optional: vec![],
        };
        assert!(
            slots_present(
                &needs,
                &TAXONOMY,
                &Filled {
                    has_requester: true,
                    ..NOTHING
                }
            )
            .is_empty()
        );
    }

    proptest! {
        #[test]
        fn any_text_and_label_are_read(text in any::<String>(), label in any::<String>()) {
            let found = present(Filled { text: &text, labels: &[&label], ..NOTHING });
            prop_assert!(found.len() <= 3);
        }

        #[test]
        fn more_said_never_fills_less(text in "[a-z/ ]{0,30}", has_requester: bool) {
            let filled = Filled { text: &text, has_requester, ..NOTHING };
            let fewer = present(filled);
            let more = present(Filled { entities: &["mail", "role"], labels: &["権限"], ..filled });
            prop_assert!(fewer.iter().all(|slot| more.contains(slot)));
        }
    }
}
