//! Names of things a team runs: repositories, services, projects, environments, roles.
//!
//! Their shape is all there is to go by, so the guards list what has the same shape and is something
//! else: paths, alternatives ("read/write"), common compounds ("self-service").

use std::ops::Range;

use super::guards::{after, any, before, identifier, line_after, line_before, mentions, word};
use super::kind::EntityKind;
use super::rule::Rule;

/// Of two words with one beginning the longer comes first, for the first that fits is taken.
const ENVIRONMENTS: &str =
    "production|prod|prd|staging|stg|development|dev|qa|uat|sandbox|sbx|preprod|preview";
const SERVICE_ENDS: &str = "apis|api|website|web|workers|worker|batch|bff|server|service|svc|app|jobs|job|cron|loader|frontend|backend|\
                            gateway|gw|consumer|producer|proxy|scheduler|bot|admin|ui|functions|function";

/// First parts of a slashed name that are directories, branches, kinds of resources or plain words.
const NOT_OWNERS: &[&str] = &[
    "roles",
    "and",
    "or",
    "ci",
    "read",
    "write",
    "tcp",
    "udp",
    "http",
    "https",
    "src",
    "etc",
    "usr",
    "var",
    "home",
    "tmp",
    "opt",
    "bin",
    "dev",
    "proc",
    "app",
    "apps",
    "lib",
    "libs",
    "pkg",
    "cmd",
    "test",
    "tests",
    "spec",
    "docs",
    "doc",
    "feature",
    "feat",
    "fix",
    "hotfix",
    "bugfix",
    "release",
    "releases",
    "refs",
    "origin",
    "heads",
    "tags",
    "chore",
    "main",
    "master",
    "develop",
    "api",
    "projects",
    "models",
    "datasets",
    "manifests",
    "terraform",
    "modules",
    "environments",
    "envs",
    "charts",
    "helm",
    "k8s",
    "kubernetes",
    "deploy",
    "infra",
    "services",
    "packages",
    "internal",
    "config",
    "configs",
    "scripts",
    "workflows",
    "namespaces",
    "deployments",
    "pods",
    "pod",
    "svc",
    "deployment",
    "service",
    "job",
    "cronjob",
    "configmap",
    "secret",
    "secrets",
    "statefulset",
    "daemonset",
    "ingress",
    "node",
    "nodes",
    "on",
    "off",
    "yes",
    "no",
    "in",
    "out",
    "input",
    "stg",
    "prd",
    "prod",
    "staging",
    "production",
    "client",
    "server",
    "data",
    "logs",
    "log",
    "public",
    "static",
    "assets",
    "users",
    "user",
    "groups",
    "group",
    "topics",
    "subscriptions",
    "tables",
    "db",
    "sql",
    "application",
    "text",
    "image",
    "asia",
    "america",
    "europe",
    "github",
    "slack",
    "google",
    "gcp",
    "aws",
    "revert",
    "refactor",
    "dependabot",
    "renovate",
    "mr",
    "he",
    "she",
    "w",
    "24",
    "n",
    "km",
    "gb",
    "mb",
];
/// Endings of files: a slashed name with one of them is a path.
const FILE_ENDS: &[&str] = &[
    ".tf", ".yaml", ".yml", ".json", ".go", ".ts", ".tsx", ".js", ".py", ".rb", ".sql", ".md", ".txt",
    ".log", ".sh", ".toml", ".csv", ".html", ".css", ".lock", ".conf", ".ini", ".env", ".xml", ".java",
    ".kt", ".rs", ".php", ".tfvars", ".hcl", ".pem",
];
const REPOSITORY_WORDS: &[&str] = &[
    "リポジトリ",
    "レポジトリ",
    "リポ",
    "repo",
    "github",
    "gitlab",
    "bitbucket",
];
const NOT_SERVICES: &[&str] = &[
    "self-service",
    "web-app",
    "web-server",
    "web-api",
    "micro-service",
    "mobile-app",
    "in-app",
    "native-app",
    "rest-api",
    "open-api",
    "slack-bot",
    "slack-app",
    "github-app",
    "single-page-app",
    "third-party-app",
    "db-server",
    "app-server",
    "non-admin",
];
const NOT_PROJECTS: &[&str] = &[
    "non-prod",
    "pre-prod",
    "non-production",
    "pre-production",
    "load-test",
    "self-dev",
    "web-dev",
];

/// The rules for names, in order of precedence.
pub(super) fn rules() -> Vec<Rule> {
    use EntityKind::{Environment, Project, Repository, Role, Service};
    let project = format!(r"[a-z][0-9a-z]*(?:-[0-9a-z]+)*-(?:{ENVIRONMENTS}|test)(?:-?[0-9]{{1,6}})?");
    let service = format!(r"[a-z][0-9a-z]*(?:-[0-9a-z]+)*-(?:{SERVICE_ENDS})");
    vec![
        Rule::in_word(Role, b"/.", r"roles/[a-z][0-9a-z_.]*[0-9a-z]", word),
        Rule::in_word(Role, b"/", r"roles/[a-z]+", word),
        Rule::in_word(
            Role,
            b".",
            r"(?:bigquery|storage|container|cloudsql|logging|pubsub|compute|iam|run)\.[a-z]*(?:viewer|editor|admin|owner|user|client|developer|creator)",
            word,
        ),
        Rule::in_word(
            Repository,
            b"/",
            r"[0-9a-z][0-9a-z._-]*/[0-9a-z][0-9a-z._-]*",
            repository,
        ),
        Rule::in_word(Project, b"-", &project, |text, range| {
            listed(text, range, NOT_PROJECTS)
        }),
        Rule::in_word(
            Project,
            b"-0",
            r"[a-z][0-9a-z]*(?:-[a-z][0-9a-z]*)+-[0-9]{6}",
            identifier,
        ),
        Rule::in_word(Service, b"-", &service, |text, range| {
            listed(text, range, NOT_SERVICES)
        }),
        Rule::new(Environment, b"", "本番|ステージング|サンドボックス", any),
        Rule::new(
            Environment,
            b"",
            "検証環境|検証用|検証db|開発環境|開発用|開発db|テスト環境",
            before_thing,
        ),
        Rule::in_word(Environment, b"", &format!("(?:{ENVIRONMENTS})"), identifier),
        Rule::new(
            Role,
            b"",
            "(?:閲覧|編集|参照|読み取り(?:専用)?|読取り?(?:専用)?|書き込み|書込み?|更新|管理|管理者|オーナー?|実行|デプロイ|承認|投稿|管理人|特権|最小)(?:のみの?|の)?権限",
            before_right,
        ),
        Rule::new(
            Role,
            b"",
            "閲覧者|編集者|管理者|(?:閲覧|参照|読み取り|read)のみ",
            any,
        ),
        Rule::new(
            Role,
            b"",
            r"viewer|editor|owner|admin|administrator|maintainer|power ?user|superuser|read[ -]?only|read/write|dataviewer|dataeditor|jobuser",
            role,
        ),
        Rule::new(
            Role,
            b"",
            r"(?:read|write|admin|push|pull|triage|maintain|select|execute)(?: (?:access|permissions?|rights?|role)|(?: |の)?権限| ?ロール)",
            before_access,
        ),
    ]
}

fn listed(text: &str, range: Range<usize>, exceptions: &[&str]) -> Option<Range<usize>> {
    let range = identifier(text, range)?;
    (!exceptions.contains(&&text[range.clone()])).then_some(range)
}

/// An owner and a name, not a path, a fraction, a pair of alternatives or two services.
fn repository(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let trimmed = text[range.clone()].trim_end_matches(['.', '-', '_']);
    let range = range.start..range.start + trimmed.len();
    let (owner, name) = trimmed.split_once('/')?;
    let previous = before(text, &range);
    let in_path = matches!(previous, b'/' | b'@' | b'.' | b'-' | b'_' | b':' | b'$' | b'~')
        || after(text, &range) == b'/';
    let lettered = |part: &str| part.bytes().any(|b| b.is_ascii_lowercase());
    let is_file = FILE_ENDS.iter().any(|end| name.ends_with(end));
    if in_path
        || is_file
        || !lettered(owner)
        || !lettered(name)
        || NOT_OWNERS.contains(&owner)
        || is_thing(owner)
    {
        return None;
    }
    // Without a hyphen or a word that says so, "terraform/ansible" is an alternative.
    let compound = |part: &str| part.contains(['-', '_']);
    let said = || {
        mentions(line_before(text, &range, 40), REPOSITORY_WORDS)
            || mentions(line_after(text, &range, 20), REPOSITORY_WORDS)
    };
    (owner.len() > 1 && name.len() > 1 && (compound(owner) || compound(name) || said())).then_some(range)
}

/// Whether a name before a slash is itself a service or a project, and the slash an "and".
fn is_thing(name: &str) -> bool {
    let end = name.rsplit('-').next().unwrap_or(name);
    name.contains('-')
        && (SERVICE_ENDS.split('|').any(|known| known == end)
            || ENVIRONMENTS.split('|').any(|known| known == end))
}

/// The environment's name without the thing that stands in it: 検証 of 検証環境.
fn before_thing(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let value = &text[range.clone()];
    let name = ["環境", "用", "db"]
        .iter()
        .find_map(|thing| value.strip_suffix(thing))?;
    Some(range.start..range.start + name.len())
}

/// The adjective of a permission: 閲覧 of 閲覧権限. The word 権限 is the object of the request and stays.
fn before_right(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let value = &text[range.clone()];
    let adjective = ["のみの権限", "のみ権限", "の権限", "権限"]
        .iter()
        .find_map(|right| value.strip_suffix(right))?;
    Some(range.start..range.start + adjective.len())
}

fn before_access(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let value = &text[range.clone()];
    let length = value.find(|c: char| !c.is_ascii_lowercase())?;
    word(text, range.start..range.start + length)
}

/// A role word on its own, not one inside a name such as `code-owner` or `admin.example.com`.
fn role(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    identifier(text, range)
}
