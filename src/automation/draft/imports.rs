//! The commands that tell Terraform what exists already, from the rows whose tickets are done.

use crate::taxonomy::{Constant, FillValue, Play, Resource};
use crate::text::plain;

use super::ends::NO_END;
use super::entries::{Entries, Entry, PLACEHOLDER};
use super::hcl::{Body, quoted};
use super::skeleton::{Skeleton, gate};
use super::{File, Ground};

/// Writes `imports.sh`. What the ids of a provider need beyond the rows is a placeholder in a commented line.
pub(super) fn script(skeleton: &Skeleton<'_>, entries: &Entries, ground: &Ground<'_>) -> File {
    let mut lines = vec!["#!/bin/sh".to_owned()];
    let notes = [
        ground.pick(
            "すでにあるものを取り込む。1 行ずつ確かめながら実行し、terraform plan に未対応の行だけが残ればよい",
            "Imports what exists already. Run it line by line; you are done when terraform plan adds only what is still open",
        ),
        ground.pick(
            "ここにあるのは対応済みのチケットから分かるものだけ。ほかの付与はプロバイダーの一覧から足す",
            "Only what tickets that are done show. Add the rest from the provider's own list",
        ),
        ground.pick(
            "# で始まる行は REPLACE_ME を値に置き換えてから使う",
            "Replace REPLACE_ME in the lines that begin with # before you use them",
        ),
    ];
    lines.extend(notes.iter().map(|note| format!("# {note}")));
    lines.push("set -eu".to_owned());
    let mut given: Vec<&str> = Vec::new();
    let mut commands: Vec<String> = Vec::new();
    for resource in skeleton.play.drafted().filter(|resource| !resource.data) {
        let Some(pattern) = &resource.import else {
            continue;
        };
        let rows = entries
            .rows
            .iter()
            .filter(|row| row.done && row.is_complete() && row.makes(resource));
        let mut of_resource: Vec<String> = Vec::new();
        for row in rows {
            let command = command(skeleton, resource, pattern, row);
            if !of_resource.contains(&command) {
                of_resource.push(command);
            }
        }
        match of_resource.is_empty() {
            true => of_resource.push(unknown(skeleton, resource, pattern)),
            false => given.extend(variables(pattern)),
        }
        commands.append(&mut of_resource);
    }
    given.sort_unstable();
    given.dedup();
    lines.extend(given.iter().map(|name| format!(": \"${{{name}:?}}\"")));
    let left = entries
        .rows
        .iter()
        .filter(|row| row.done && !row.is_complete())
        .count();
    if left > 0 {
        lines.push(format!(
            "# {}: {left}",
            ground.pick(
                "値が揃わず命令にしていない行",
                "Rows that made no command, since a value is missing"
            )
        ));
    }
    lines.push(String::new());
    lines.extend(commands);
    File {
        path: "imports.sh".to_owned(),
        text: lines.join("\n") + "\n",
    }
}

/// The import block of each resource of a play that can be imported, with a placeholder for each value.
#[must_use]
pub fn import_blocks(play: &Play) -> Vec<String> {
    let Some(skeleton) = Skeleton::of(play) else {
        return Vec::new();
    };
    let block = |resource: &Resource| {
        let pattern = resource.import.as_ref()?;
        let key = skeleton
            .key(resource)
            .into_iter()
            .map(left_open)
            .collect::<Vec<_>>();
        let index = match key.is_empty() {
            true => String::new(),
            false => format!("[{}]", quoted(&key.join("/"))),
        };
        let id = plainly(pattern, |name| {
            constant(resource, name).unwrap_or_else(|| left_open(entry_name(resource, name)))
        });
        let mut body = Body::default();
        body.argument("to", format!("{}.{}{index}", resource.name, resource.label))
            .argument("id", quoted(&id));
        let mut file = Body::default();
        file.block("import", body);
        Some(file.render())
    };
    play.drafted()
        .filter(|resource| !resource.data)
        .filter_map(block)
        .collect()
}

/// The name by which rows give an argument; the argument's own where they do not.
fn entry_name<'r>(resource: &'r Resource, argument: &'r str) -> &'r str {
    let given = resource.entries().find(|(fill, _)| fill.path == argument);
    given.map_or(argument, |(_, given)| given.name.as_str())
}

fn left_open(name: &str) -> String {
    format!("{PLACEHOLDER}_{}", name.to_uppercase().replace('.', "_"))
}

/// Puts values in the place of names in braces and leaves out what is optional.
fn plainly(pattern: &str, value: impl Fn(&str) -> String) -> String {
    let pattern = with_options(pattern, |_| false);
    let mut out = String::new();
    let mut rest = pattern.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, behind)) = after.split_once('}') else {
            break;
        };
        out.push_str(before);
        out.push_str(&value(name));
        rest = behind;
    }
    out + rest
}

fn command(skeleton: &Skeleton<'_>, resource: &Resource, pattern: &str, row: &Entry) -> String {
    let key = skeleton.key(resource);
    let address = match key.is_empty() {
        true => format!("{}.{}", resource.name, resource.label),
        false => {
            let given = |name: &&str| value(skeleton, row, name).unwrap_or_else(|| "-".to_owned());
            let parts: Vec<String> = key.iter().map(given).collect();
            format!(
                "{}.{}[{}]",
                resource.name,
                resource.label,
                quoted(&parts.join("/"))
            )
        }
    };
    let id = filled(pattern, |name| argument(skeleton, resource, row, name));
    let command = format!("terraform import {} {id}", shell(&address));
    match command.contains(PLACEHOLDER) {
        true => format!("# {command}"),
        false => command,
    }
}

/// The command for a resource of which no ticket tells an object.
fn unknown(skeleton: &Skeleton<'_>, resource: &Resource, pattern: &str) -> String {
    // Only what is made once has no key.
    let key = if skeleton.key(resource).is_empty() {
        ""
    } else {
        "[\"KEY\"]"
    };
    let address = format!("{}.{}{key}", resource.name, resource.label);
    let id = filled(pattern, |name| constant(resource, name));
    format!("# terraform import {} {id}", shell(&address))
}

fn constant(resource: &Resource, name: &str) -> Option<String> {
    let fill = resource.fill.iter().find(|fill| fill.path == name)?;
    match &fill.value {
        FillValue::Constant(Constant::Text(text)) if !name.contains('.') => Some(text.clone()),
        _ => None,
    }
}

/// Names in capitals are variables of the shell, given once for the whole script.
fn is_variable(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || c == '_')
}

fn variables(pattern: &str) -> impl Iterator<Item = &str> {
    let names = pattern
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split('}').next());
    names.filter(|name| is_variable(name))
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

/// Puts values in the place of names in braces, as one word of a shell; a name without a value becomes a placeholder
/// that names it, and what stands in square brackets goes with it.
fn filled(pattern: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let pattern = with_options(pattern, |name| value(name).is_some());
    let mut out = String::new();
    let mut literal = String::new();
    let mut rest = pattern.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, behind)) = after.split_once('}') else {
            break;
        };
        literal.push_str(before);
        if is_variable(name) {
            if !literal.is_empty() {
                out.push_str(&shell(&std::mem::take(&mut literal)));
            }
            out.push_str(&format!("\"${name}\""));
        } else {
            literal
                .push_str(&value(name).unwrap_or_else(|| format!("{PLACEHOLDER}_{}", name.to_uppercase())));
        }
        rest = behind;
    }
    literal.push_str(rest);
    if !literal.is_empty() || out.is_empty() {
        out.push_str(&shell(&literal));
    }
    out
}

/// Quotes a text for a POSIX shell: one line, taken as it is.
fn shell(text: &str) -> String {
    format!("'{}'", plain(text).replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_the_quotes_of_a_shell() {
        assert_eq!(shell("a'; rm -rf ~; '\n$(x)"), r"'a'\''; rm -rf ~; '\'' $(x)'");
    }

    #[test]
    fn what_is_not_known_is_named() {
        let octo = |name: &str| (name == "name").then(|| "octo".to_owned());
        assert_eq!(filled("{org}:{name}", octo), "'REPLACE_ME_ORG:octo'");
        assert_eq!(filled("{ORG}:{name}", octo), "\"$ORG\"':octo'");
        assert_eq!(filled("{name}[ {block.title}]", octo), "'octo'");
        let both = |name: &str| Some(name.to_uppercase());
        assert_eq!(filled("{name}[ {block.title}]", both), "'NAME BLOCK.TITLE'");
    }
}
