//! The import blocks that tell Terraform what exists already, from the rows whose tickets are done.

use crate::taxonomy::{Constant, FillValue, Play, Resource};
use crate::text::plain;

use super::ends::NO_END;
use super::entries::{Entries, Entry, PLACEHOLDER};
use super::hcl::{Body, quoted};
use super::skeleton::{Skeleton, gate};
use super::{File, Ground};

/// Writes `imports.tf`. A block in which something is left to write is a comment.
pub(super) fn file(skeleton: &Skeleton<'_>, entries: &Entries, ground: &Ground<'_>) -> File {
    let notes = [
        ground.pick(
            "すでにあるものを取り込む。plan に未対応の行だけが残ればよい。apply の後でこのファイルを消す",
            "Imports what exists already. You are done when the plan adds only what is still open; delete this file after the apply",
        ),
        ground.pick(
            "ここにあるのは対応済みのチケットから分かるものだけ。ほかの付与はプロバイダーの一覧から足す",
            "Only what tickets that are done show. Add the rest from the provider's own list",
        ),
        ground.pick(
            "コメントのブロックは REPLACE_ME を値に置き換えてから、期限のある行は終わっていなければ使う",
            "Use the blocks in comments once REPLACE_ME is replaced, and those of rows with an end unless they are over",
        ),
    ];
    let mut text: String = notes.iter().map(|note| format!("# {note}\n")).collect();
    let left = entries
        .rows
        .iter()
        .filter(|row| row.done && !row.is_complete())
        .count();
    if left > 0 {
        let lead = ground.pick(
            "値が揃わずブロックにしていない行",
            "Rows that made no block, since a value is missing",
        );
        text.push_str(&format!("# {lead}: {left}\n"));
    }
    for resource in skeleton.play.drafted().filter(|resource| !resource.data) {
        let Some(pattern) = &resource.import else {
            continue;
        };
        let rows = entries
            .rows
            .iter()
            .filter(|row| row.done && row.is_complete() && row.makes(resource));
        let mut blocks: Vec<String> = Vec::new();
        for row in rows {
            let block = row_block(skeleton, resource, pattern, row);
            if !blocks.contains(&block) {
                blocks.push(block);
            }
        }
        if blocks.is_empty() {
            blocks.extend(open_block(skeleton, resource).map(|block| commented(&block)));
        }
        for block in blocks {
            text.push('\n');
            text.push_str(&block);
        }
    }
    File {
        path: "imports.tf".to_owned(),
        text,
    }
}

fn commented(block: &str) -> String {
    block.lines().map(|line| format!("# {line}\n")).collect()
}

fn block(resource: &Resource, index: &str, id: &str) -> String {
    let mut body = Body::default();
    body.argument("to", format!("{}.{}{index}", resource.name, resource.label))
        .argument("id", quoted(&plain(id)));
    let mut file = Body::default();
    file.block("import", body);
    file.render()
}

/// The block of a row. A row with an end makes nothing once it is over, and what is not made takes nothing over.
fn row_block<'t>(skeleton: &Skeleton<'t>, resource: &'t Resource, pattern: &str, row: &Entry) -> String {
    let key = skeleton.key(resource);
    let index = match key.is_empty() {
        true => String::new(),
        false => {
            let given = |name: &&str| value(skeleton, row, name).unwrap_or_else(|| "-".to_owned());
            let parts: Vec<String> = key.iter().map(given).collect();
            format!("[{}]", quoted(&parts.join("/")))
        }
    };
    let id = filled(pattern, |name| argument(skeleton, resource, row, name));
    let block = block(resource, &index, &id);
    let end = resource.ends.as_ref().and_then(|ends| row.value(&ends.path));
    let may_be_over = end.is_some_and(|end| end != NO_END);
    match may_be_over || block.contains(PLACEHOLDER) {
        true => commented(&block),
        false => block,
    }
}

/// The import block of each resource of a play that can be imported, with a placeholder for each value.
#[must_use]
pub fn import_blocks(play: &Play) -> Vec<String> {
    let Some(skeleton) = Skeleton::of(play) else {
        return Vec::new();
    };
    play.drafted()
        .filter(|resource| !resource.data)
        .filter_map(|resource| open_block(&skeleton, resource))
        .collect()
}

/// The block of a resource with a placeholder for each value; `None` for one that cannot be imported.
fn open_block<'t>(skeleton: &Skeleton<'t>, resource: &'t Resource) -> Option<String> {
    let pattern = with_options(resource.import.as_ref()?, |_| false);
    let key: Vec<String> = skeleton.key(resource).into_iter().map(left_open).collect();
    let index = match key.is_empty() {
        true => String::new(),
        false => format!("[{}]", quoted(&key.join("/"))),
    };
    let id = filled(&pattern, |name| {
        Some(constant(resource, name).unwrap_or_else(|| left_open(entry_name(resource, name))))
    });
    Some(block(resource, &index, &id))
}

/// The name by which rows give an argument; the argument's own where they do not.
fn entry_name<'r>(resource: &'r Resource, argument: &'r str) -> &'r str {
    let given = resource.entries().find(|(fill, _)| fill.path == argument);
    given.map_or(argument, |(_, given)| given.name.as_str())
}

fn left_open(name: &str) -> String {
    format!("{PLACEHOLDER}_{}", name.to_uppercase().replace('.', "_"))
}

fn constant(resource: &Resource, name: &str) -> Option<String> {
    let fill = resource.fill.iter().find(|fill| fill.path == name)?;
    match &fill.value {
        FillValue::Constant(Constant::Text(text)) if !name.contains('.') => Some(text.clone()),
        _ => None,
    }
}

/// The value of a row, or what stands for it; what is given once is not known here.
fn value(skeleton: &Skeleton<'_>, row: &Entry, name: &str) -> Option<String> {
    let default = || skeleton.field(name)?.shape.default.clone();
    let once = || {
        Some(format!(
            "{PLACEHOLDER}_{}",
            skeleton.fallback(name)?.to_uppercase()
        ))
    };
    row.value(name).map(str::to_owned).or_else(default).or_else(once)
}

/// The value of an argument of a resource, or of a row by its name.
fn argument(skeleton: &Skeleton<'_>, resource: &Resource, row: &Entry, name: &str) -> Option<String> {
    // What stands in a block is only there where the block is.
    if let Some(gate) = name.split_once('.').and_then(|(block, _)| gate(resource, block)) {
        row.value(&gate.name).filter(|value| *value != NO_END)?;
    }
    let fill = resource.fill.iter().find(|fill| fill.path == name);
    match fill.map(|fill| &fill.value) {
        Some(FillValue::Constant(Constant::Text(text))) => Some(text.clone()),
        Some(FillValue::Entry(given)) => {
            let value = value(skeleton, row, &given.name)?;
            Some(match &given.template {
                Some(around) if !around.contains("${") => around.replace("{}", &value),
                Some(_) => return None,
                None => value,
            })
        }
        _ => value(skeleton, row, name),
    }
}

/// Leaves out what stands in square brackets and names a value that is not there.
fn with_options(pattern: &str, has: impl Fn(&str) -> bool) -> String {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('[') {
        let Some((option, behind)) = after.split_once(']') else {
            break;
        };
        out.push_str(before);
        let mut names = option
            .split('{')
            .skip(1)
            .filter_map(|rest| rest.split('}').next());
        if names.all(&has) {
            out.push_str(option);
        }
        rest = behind;
    }
    out + rest
}

/// Puts values in the place of names in braces; a name without a value becomes a placeholder that names it, and what
/// stands in square brackets goes with it.
fn filled(pattern: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let pattern = with_options(pattern, |name| value(name).is_some());
    let mut out = String::new();
    let mut rest = pattern.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, behind)) = after.split_once('}') else {
            break;
        };
        out.push_str(before);
        out.push_str(&value(name).unwrap_or_else(|| left_open(name)));
        rest = behind;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_named() {
        let octo = |name: &str| (name == "name").then(|| "octo".to_owned());
        assert_eq!(filled("{org}:{name}", octo), "REPLACE_ME_ORG:octo");
        assert_eq!(filled("{ORG}:{name}", octo), "REPLACE_ME_ORG:octo");
        assert_eq!(filled("{name}[ {block.title}]", octo), "octo");
        let both = |name: &str| Some(name.to_uppercase());
        assert_eq!(filled("{name}[ {block.title}]", both), "NAME BLOCK.TITLE");
    }
}
