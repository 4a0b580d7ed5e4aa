//! Ids as Notion writes them, and the repeatable numbers they are made of.

use std::fmt;

/// An id: dashed lower case in answers, dashes optional in requests.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Id(u128);

impl Id {
    /// The id made of `number`; the order of ids says nothing about the order of numbers, as in Notion.
    pub(crate) fn of(number: u64) -> Self {
        let high = mix(number);
        Self(u128::from(high) << 64 | u128::from(mix(high ^ number)))
    }

    /// Reads 32 hexadecimal digits, with the dashes of a UUID or without any.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let dashes: Vec<usize> = text.match_indices('-').map(|(at, _)| at).collect();
        if !dashes.is_empty() && dashes != [8, 13, 18, 23] {
            return None;
        }
        let plain = text.replace('-', "");
        if plain.len() != 32 || !plain.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        u128::from_str_radix(&plain, 16).ok().map(Self)
    }

    /// Without dashes, as in the addresses of pages.
    pub(crate) fn plain(self) -> String {
        format!("{:032x}", self.0)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = self.plain();
        let parts = [
            &plain[..8],
            &plain[8..12],
            &plain[12..16],
            &plain[16..20],
            &plain[20..],
        ];
        to.write_str(&parts.join("-"))
    }
}

impl serde::Serialize for Id {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): one step from `number` as state.
pub(crate) fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A number that stands for `text`.
pub(crate) fn digest(text: &[u8]) -> u64 {
    text.iter()
        .fold(text.len() as u64, |state, byte| mix(state ^ u64::from(*byte)))
}
