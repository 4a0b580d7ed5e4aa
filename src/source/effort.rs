//! Recorded effort as people write it, in minutes.
//!
//! A number alone is minutes; `1.5h`, `90分` and `1時間30分` carry their unit. Days are refused: how long a working
//! day is, is not for a reader of files to say.

use icu_normalizer::ComposingNormalizerBorrowed;

use super::Fault;

/// Reads an effort; the result is finite and at least 0.
pub(super) fn minutes(text: &str) -> Result<f64, Fault> {
    let text = ComposingNormalizerBorrowed::new_nfkc()
        .normalize(text.trim())
        .to_lowercase();
    let negative = text.starts_with(['-', '−', '▲', '△']);
    let mut rest = text.trim_start_matches(['-', '−', '▲', '△', '+']);
    let mut total = 0.0;
    loop {
        let (number, behind) = split(rest, |c| c.is_ascii_digit() || matches!(c, '.' | ','));
        let (unit, behind) = split(behind, |c| !c.is_ascii_digit());
        total += plain(number)? * factor(unit.trim(), behind.is_empty())?;
        if behind.is_empty() {
            break;
        }
        rest = behind;
    }
    match total {
        _ if negative && total > 0.0 => Err(Fault::Negative),
        total if total.is_finite() => Ok(total),
        _ => Err(Fault::NotANumber),
    }
}

/// Gives a bare number the unit of its column, so that `1.5` under `工数(h)` reads as `1.5h`.
pub(super) fn in_hours(cell: &str) -> String {
    let cell = cell.trim();
    let unit = if cell.ends_with(char::is_numeric) { "h" } else { "" };
    format!("{cell}{unit}")
}

fn split(text: &str, inside: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !inside(c)).unwrap_or(text.len()))
}

/// A number whose commas, if any, part thousands: `1,200` is a number, `1,5` could be anything.
fn plain(number: &str) -> Result<f64, Fault> {
    let whole = number.split_once('.').map_or(number, |(whole, _)| whole);
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let parted = whole.len() > first.len();
    if number.rfind(',') >= Some(whole.len())
        || parted && first.is_empty()
        || groups.any(|group| group.len() != 3)
    {
        return Err(Fault::NotANumber);
    }
    number.replace(',', "").parse().map_err(|_| Fault::NotANumber)
}

/// Minutes in a unit. Only the last number may go without one.
fn factor(unit: &str, last: bool) -> Result<f64, Fault> {
    match unit {
        "" if last => Ok(1.0),
        "分" | "分間" | "m" | "min" | "mins" | "minute" | "minutes" => Ok(1.0),
        "時間" | "h" | "hr" | "hrs" | "hour" | "hours" => Ok(60.0),
        _ => Err(Fault::NotANumber),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn units_are_understood() {
        let cases = [
            ("30", 30.0),
            ("３０分", 30.0),
            ("0", 0.0),
            ("1.5h", 90.0),
            ("1,200", 1200.0),
            ("1時間30分", 90.0),
            ("1 h 30 min", 90.0),
            ("2 Hours", 120.0),
            ("1h30", 90.0),
        ];
        for (text, expected) in cases {
            assert_eq!(minutes(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_effort_is_refused() {
        for text in [
            "",
            "-",
            "1人日",
            "1,5",
            ",5",
            "1.2,3",
            "1:30",
            "inf",
            "NaN",
            "1e3",
            "30 40",
            "約30分",
            &"9".repeat(400),
        ] {
            assert_eq!(minutes(text), Err(Fault::NotANumber), "{text}");
        }
        for text in ["-1", "−5分", "▲3"] {
            assert_eq!(minutes(text), Err(Fault::Negative), "{text}");
        }
    }

    #[test]
    fn a_unit_in_the_cell_wins_over_that_of_the_column() {
        assert_eq!(minutes(&in_hours("1.5 ")), Ok(90.0));
        assert_eq!(minutes(&in_hours("45分")), Ok(45.0));
    }

    proptest! {
        #[test]
        fn whole_minutes_survive(number in 0_u32..1_000_000) {
            prop_assert_eq!(minutes(&number.to_string()), Ok(f64::from(number)));
        }

        #[test]
        fn any_text_gives_minutes_or_a_fault(text in ".*") {
            if let Ok(total) = minutes(&in_hours(&text)) {
                prop_assert!(total.is_finite() && total >= 0.0);
            }
        }
    }
}
