//! Reads Terraform as a provider would: every resource, block and argument against `tests/terraform/arguments.json`,
//! which is made from what the providers publish (see `tests/terraform/make_arguments.py`), and every reference against
//! what is declared.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use hcl::{Block, Body, Expression, Structure};
use serde_json::{Map, Value};

type Arguments = Map<String, Value>;

static TABLE: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../terraform/arguments.json")).expect("the table is JSON")
});

/// What Terraform takes in any resource.
const META: [&str; 6] = [
    "for_each",
    "count",
    "depends_on",
    "provider",
    "lifecycle",
    "provisioner",
];

/// The arguments of a resource, or of a data source by its name with `data.` before it.
pub(crate) fn arguments(name: &str) -> Option<&'static Arguments> {
    TABLE["resources"].get(name)?.as_object()
}

/// Lists what is wrong with the files of one module, given as path and text.
pub(crate) fn faults(files: &[(&str, &str)]) -> Vec<String> {
    let mut module = Module::default();
    for (path, text) in files.iter().filter(|(path, _)| path.ends_with(".tf")) {
        match hcl::parse(text) {
            Ok(body) => module.read(path, &body),
            Err(error) => module.faults.push(format!("{path} is no HCL: {error}")),
        }
    }
    for (path, text) in files {
        match path.rsplit('.').next() {
            Some("tf") => module.references(path, text),
            Some("tfvars") => module.data(path, text),
            _ => {}
        }
    }
    for variable in module.variables.difference(&module.used) {
        module
            .faults
            .push(format!("variable {variable} is declared and not used"));
    }
    module.faults
}

#[derive(Default)]
struct Module {
    faults: Vec<String>,
    variables: BTreeSet<String>,
    used: BTreeSet<String>,
    locals: BTreeSet<String>,
    /// Resources and data sources as they are referred to: `data.type.label`.
    declared: BTreeSet<String>,
    providers: BTreeSet<String>,
    /// Attributes of the entries' type.
    attributes: BTreeSet<String>,
}

impl Module {
    fn read(&mut self, path: &str, body: &Body) {
        for structure in body {
            let Structure::Block(block) = structure else {
                self.faults
                    .push(format!("{path} has an argument outside of any block"));
                continue;
            };
            let labels: Vec<&str> = block.labels.iter().map(hcl::BlockLabel::as_str).collect();
            match (block.identifier.as_str(), &labels[..]) {
                ("terraform", []) => self.terraform(block),
                ("variable", [name]) => self.variable(name, block),
                ("locals", []) => self
                    .locals
                    .extend(block.body.attributes().map(|a| a.key().to_owned())),
                ("resource", [name, label]) => self.resource(name, &format!("{name}.{label}"), block),
                ("data", [name, label]) => {
                    self.resource(&format!("data.{name}"), &format!("data.{name}.{label}"), block);
                }
                ("import", []) => {}
                (other, _) => self.faults.push(format!("{path} has a block {other} {labels:?}")),
            }
        }
    }

    fn terraform(&mut self, block: &Block) {
        let pins = block
            .body
            .blocks()
            .find(|inner| inner.identifier.as_str() == "required_providers");
        for pin in pins.into_iter().flat_map(|pins| pins.body.attributes()) {
            self.providers.insert(pin.key().to_owned());
            let Expression::Object(parts) = pin.expr() else {
                self.faults.push(format!("the pin of {} is no object", pin.key()));
                continue;
            };
            let keys: Vec<String> = parts.keys().map(ToString::to_string).collect();
            if keys != ["source", "version"] {
                self.faults.push(format!("the pin of {} has {keys:?}", pin.key()));
            }
        }
    }

    fn variable(&mut self, name: &str, block: &Block) {
        self.variables.insert(name.to_owned());
        if name == "entries" {
            let kind = block
                .body
                .attributes()
                .find(|attribute| attribute.key() == "type");
            if let Some(Expression::FuncCall(map)) = kind.map(|kind| kind.expr())
                && let Some(Expression::FuncCall(object)) = map.args.first()
                && let Some(Expression::Object(parts)) = object.args.first()
            {
                self.attributes.extend(parts.keys().map(ToString::to_string));
            } else {
                self.faults
                    .push("the type of entries is no map of objects".to_owned());
            }
        }
    }

    fn resource(&mut self, name: &str, address: &str, block: &Block) {
        if !self.declared.insert(address.to_owned()) {
            self.faults.push(format!("{address} is declared twice"));
        }
        match arguments(name) {
            Some(known) => self.body(address, known, &block.body, true),
            None => self.faults.push(format!("no provider has a resource {name}")),
        }
    }

    fn body(&mut self, place: &str, known: &'static Arguments, body: &Body, outermost: bool) {
        let mut present = BTreeSet::new();
        for structure in body {
            match structure {
                Structure::Attribute(attribute) => {
                    let name = attribute.key();
                    present.insert(name.to_owned());
                    match known.get(name) {
                        None if outermost && META.contains(&name) => {}
                        None => self.faults.push(format!("{place} takes no argument {name}")),
                        Some(entry) if entry.get("block").is_some() => {
                            self.faults
                                .push(format!("{name} of {place} is a block, not an argument"));
                        }
                        Some(entry) => self.literal(place, name, entry, attribute.expr()),
                    }
                }
                Structure::Block(inner) => {
                    let (name, content) = unfolded(inner);
                    present.insert(name.clone());
                    match known
                        .get(&name)
                        .map(|entry| entry.get("block").and_then(Value::as_object))
                    {
                        Some(Some(known)) => self.body(&format!("{place}.{name}"), known, content, false),
                        Some(None) => self
                            .faults
                            .push(format!("{name} of {place} is an argument, not a block")),
                        None if outermost && META.contains(&name.as_str()) => {}
                        None => self.faults.push(format!("{place} takes no block {name}")),
                    }
                }
            }
        }
        for (name, entry) in known {
            if entry["required"] == true && !present.contains(name) {
                self.faults.push(format!("{place} lacks {name}"));
            }
        }
    }

    /// Compares a literal with the type of its argument; what is computed may be anything.
    fn literal(&mut self, place: &str, name: &str, entry: &Value, value: &Expression) {
        let found = match value {
            Expression::Bool(_) => "bool",
            Expression::Number(_) => "number",
            Expression::String(_) | Expression::TemplateExpr(_) => "string",
            Expression::Array(_) => "list",
            Expression::Object(_) => "map",
            _ => return,
        };
        let wanted = entry["type"].as_str().unwrap_or_default();
        let fits = wanted == found || (wanted == "object" && found == "map");
        if !fits {
            self.faults
                .push(format!("{name} of {place} is a {found} and should be a {wanted}"));
        }
    }

    fn references(&mut self, path: &str, text: &str) {
        let code: String = text
            .lines()
            .filter(|line| !line.trim_start().starts_with('#'))
            .collect::<Vec<_>>()
            .join("\n");
        let found = regex(r"\b(var|local)\.([a-z_0-9]+)");
        for hit in found.captures_iter(&code) {
            let known = if &hit[1] == "var" {
                &self.variables
            } else {
                &self.locals
            };
            if !known.contains(&hit[2]) {
                self.faults.push(format!(
                    "{path} refers to {}.{}, which is not declared",
                    &hit[1], &hit[2]
                ));
            }
            if &hit[1] == "var" {
                self.used.insert(hit[2].to_owned());
            }
        }
        for hit in regex(r"\b(data\.)?((?:auth0|aws|datadog|github|google|kubernetes|pagerduty|sentry|slack)_[a-z_0-9]+)\.([a-z_]+)(?:\[[^\n]*\])?\.[a-z_]+").captures_iter(&code) {
            let address = format!("{}{}.{}", hit.get(1).map_or("", |data| data.as_str()), &hit[2], &hit[3]);
            if !self.declared.contains(&address) {
                self.faults.push(format!("{path} refers to {address}, which is not declared"));
            }
        }
        for hit in regex(r"\b(?:entry|each\.value\[0\])\.([a-z_0-9]+)").captures_iter(&code) {
            if !self.attributes.contains(&hit[1]) {
                self.faults.push(format!(
                    "{path} refers to {} of an entry, which has none",
                    &hit[1]
                ));
            }
        }
    }

    /// Checks that a data file gives declared variables, and entries only what their type has.
    fn data(&mut self, path: &str, text: &str) {
        let body = match hcl::parse(text) {
            Ok(body) => body,
            Err(error) => return self.faults.push(format!("{path} is no HCL: {error}")),
        };
        for attribute in body.attributes() {
            if !self.variables.contains(attribute.key()) {
                self.faults
                    .push(format!("{path} gives {}, which is not declared", attribute.key()));
            }
            if attribute.key() != "entries" {
                continue;
            }
            let Expression::Object(rows) = attribute.expr() else {
                self.faults.push(format!("the entries of {path} are no map"));
                continue;
            };
            for (key, row) in rows {
                let Expression::Object(row) = row else {
                    self.faults.push(format!("row {key} of {path} is no object"));
                    continue;
                };
                for (name, value) in row {
                    if !self.attributes.contains(&name.to_string()) {
                        self.faults
                            .push(format!("row {key} of {path} has {name}, which no entry has"));
                    }
                    if !matches!(value, Expression::String(_)) {
                        self.faults
                            .push(format!("{name} of row {key} of {path} is no plain text"));
                    }
                }
            }
        }
    }
}

/// Name and content of a block; that of a dynamic one is what it makes.
fn unfolded(block: &Block) -> (String, &Body) {
    let content = block
        .body
        .blocks()
        .find(|inner| inner.identifier.as_str() == "content");
    match (block.identifier.as_str(), block.labels.first(), content) {
        ("dynamic", Some(label), Some(content)) => (label.as_str().to_owned(), &content.body),
        (name, _, _) => (name.to_owned(), &block.body),
    }
}

fn regex(pattern: &str) -> regex::Regex {
    regex::Regex::new(pattern).expect("the pattern is valid")
}

/// The files of each module of a draft, by folder.
pub(crate) fn modules<'f>(files: &[(&'f str, &'f str)]) -> BTreeMap<&'f str, Vec<(&'f str, &'f str)>> {
    let mut modules: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for (path, text) in files.iter().filter(|(path, _)| path.starts_with("terraform/")) {
        let (folder, name) = path.rsplit_once('/').expect("a file in a folder");
        modules.entry(folder).or_default().push((name, text));
    }
    modules
}

const SOUND: &str = r#"
terraform {
  required_providers {
    github = {
      source  = "integrations/github"
      version = "~> 6.0"
    }
  }
}
variable "entries" {
  type = map(object({
    who = string
  }))
}
locals {
  github_membership = { for entry in values(var.entries) : entry.who => entry... }
}
resource "github_membership" "this" {
  for_each = local.github_membership
  username = each.value[0].who
}
"#;

#[test]
fn a_sound_module_has_no_fault() {
    assert_eq!(faults(&[("main.tf", SOUND)]), Vec::<String>::new());
}

#[test]
fn every_kind_of_mistake_is_found() {
    for (from, to, fault) in [
        ("username =", "user_name =", "takes no argument user_name"),
        ("  username = each.value[0].who\n", "", "lacks username"),
        (
            "username = each.value[0].who",
            "username = 7",
            "is a number and should be a string",
        ),
        (
            "username = each.value[0].who",
            "username = each.value[0].whom",
            "refers to whom of an entry",
        ),
        (
            "for_each = local.github_membership",
            "for_each = local.members",
            "refers to local.members",
        ),
        ("values(var.entries)", "values(var.rows)", "refers to var.rows"),
        (
            "\"github_membership\" \"this\"",
            "\"github_member\" \"this\"",
            "no provider has a resource github_member",
        ),
        (
            "username = each.value[0].who",
            "username = each.value[0].who\n  rules {\n  }",
            "takes no block rules",
        ),
        (
            "username = each.value[0].who",
            "username = github_team.this.slug",
            "refers to github_team.this",
        ),
        ("version = \"~> 6.0\"", "", "the pin of github"),
        ("resource", "resource \"", "is no HCL"),
    ] {
        let broken = SOUND.replace(from, to);
        assert_ne!(broken, SOUND, "{from}");
        let found = faults(&[("main.tf", &broken)]);
        assert!(
            found.iter().any(|found| found.contains(fault)),
            "{fault}: {found:?}"
        );
    }
}

#[test]
fn the_table_names_provider_and_version() {
    for (name, provider) in TABLE["providers"].as_object().expect("providers") {
        for key in ["source", "version", "from"] {
            assert!(provider[key].is_string(), "{name} has no {key}");
        }
    }
}
