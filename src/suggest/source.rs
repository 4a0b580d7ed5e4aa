//! Puts entries into the text of a taxonomy, below the pattern they belong to, and leaves every other byte alone.

/// Returns the text with each addition (id of its pattern, TOML of its sub-patterns) at the end of that pattern's
/// entry; `None` if a pattern is not found.
#[must_use]
pub fn with_additions(text: &str, additions: &[(&str, &str)]) -> Option<String> {
    let mut ends: Vec<(usize, &str)> = additions
        .iter()
        .map(|(pattern, entry)| Some((end_of(text, pattern)?, *entry)))
        .collect::<Option<_>>()?;
    ends.sort_by_key(|(end, _)| *end);
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (end, entry) in ends {
        out.push_str(&text[from..end]);
        if !out.ends_with('\n') {
            out.push('\n');
        }
        out.push('\n');
        out.push_str(entry.trim_end());
        out.push('\n');
        from = end;
    }
    out.push_str(&text[from..]);
    Some(out)
}

/// The byte after the last line of a pattern's entry, its sub-patterns included and comments behind it not.
fn end_of(text: &str, pattern: &str) -> Option<usize> {
    let id = format!("\"{pattern}\"");
    let is_id = |line: &str| {
        let value = line.strip_prefix("id").map(str::trim_start);
        let value = value.and_then(|rest| rest.strip_prefix('=')).map(str::trim_start);
        value.is_some_and(|value| value.starts_with(&id) || value.starts_with(&format!("'{pattern}'")))
    };
    let (mut at, mut heading, mut found, mut end) = (0, false, false, None);
    for line in text.split_inclusive('\n') {
        at += line.len();
        let trimmed = line.trim();
        let starts = trimmed.starts_with('[') && trimmed.ends_with(']') && !line.starts_with(' ');
        if starts && trimmed.starts_with("[[pattern]]") {
            if found {
                break;
            }
            heading = true;
        } else if starts {
            if found && !trimmed.starts_with("[[pattern.") && !trimmed.starts_with("[pattern.") {
                break;
            }
            heading = false;
        } else if heading && is_id(trimmed) {
            found = true;
        }
        if found && !trimmed.is_empty() && !trimmed.starts_with('#') {
            end = Some(at);
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
[[pattern]]
id = \"a\"

[[pattern.sub]]
id = \"a.one\"
cues = [
  { re = '[[pattern]]', w = 1 },
]

# ---- b
[[pattern]]
id = \"b\"
";

    #[test]
    fn an_entry_goes_to_the_end_of_its_pattern() {
        let merged = with_additions(TEXT, &[("a", "NEW A\n"), ("b", "NEW B\n")]).unwrap();
        let expected = TEXT.replace("]\n\n# ---- b", "]\n\nNEW A\n\n# ---- b") + "\nNEW B\n";
        assert_eq!(merged, expected);
    }

    #[test]
    fn every_old_byte_stays() {
        let merged = with_additions(TEXT, &[("a", "NEW")]).unwrap();
        assert_eq!(merged.replace("\nNEW\n", ""), TEXT);
    }

    #[test]
    fn a_pattern_that_is_not_there_is_said() {
        assert_eq!(with_additions(TEXT, &[("c", "NEW")]), None);
        assert_eq!(with_additions(TEXT, &[("a.one", "NEW")]), None);
    }

    #[test]
    fn a_file_without_a_last_line_break_gets_one() {
        let merged = with_additions("[[pattern]]\nid = 'a'", &[("a", "NEW")]).unwrap();
        assert_eq!(merged, "[[pattern]]\nid = 'a'\n\nNEW\n");
    }
}
