//! People: those known from the requester and assignee fields, and whoever is called さん or 様.
//!
//! `known` finds people by the names recorded for them, `named` finds the others by what stands around a
//! name, `listed` by common names alone. Words that take an honorific without being a person (お客様, 仕様, たくさん) are in `words`.

mod known;
mod listed;
mod named;
mod words;

pub(crate) use self::known::{Known, People};
pub(crate) use self::listed::{by_name, sure_names};
pub(crate) use self::named::named;
use self::words::{NOT_NAMES, NOT_PEOPLE, ORDINARY, SURNAMES_IN_BU};

const HONORIFICS: [&str; 9] = ["さん", "様", "さま", "氏", "くん", "君", "ちゃん", "-san", "殿"];

/// Gives the byte length of an honorific at the start of a text, a blank before it included; 0 for none.
pub(crate) fn honorific_length(text: &str) -> usize {
    let word = text.strip_prefix(' ').unwrap_or(text);
    let length = HONORIFICS
        .iter()
        .find(|honorific| word.starts_with(**honorific))
        .map_or(0, |found| found.len());
    if length == 0 {
        0
    } else {
        text.len() - word.len() + length
    }
}

fn is_no_name(word: &str) -> bool {
    NOT_NAMES.contains(&word) || ORDINARY.contains(&word) || NOT_PEOPLE.contains(&word)
}

/// 阿部, 服部 and 長谷部 are surnames, 開発部 is none.
fn is_surname_end(word: &str) -> bool {
    word.chars().count() == 2 && word.ends_with('部') || SURNAMES_IN_BU.contains(&word)
}
