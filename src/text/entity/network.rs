//! Addresses: URLs and their parts, mails, mentions and handles, hosts, IP addresses.
//!
//! A URL ends at the first character that is not ASCII, for Japanese text follows it without a blank.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;
use std::sync::LazyLock;

use super::guards::{after, any, before};
use super::kind::EntityKind;
use super::rule::Rule;
use super::rules::Rules;

/// Top-level domains that hosts in tickets have; a closed list, for `main.tf` and `node.js` are no hosts.
/// Each with its dot, so that a text can be asked for them.
const TLD: &str = r"\.com|\.net|\.org|\.jp|\.io|\.dev|\.app|\.cloud|\.internal|\.local|\.localhost|\.site|\.tech|\.co|\.me|\.ai|\.biz|\.info|\.cluster|\.svc|\.run|\.xyz|\.so|\.page|\.gov|\.edu|\.us|\.eu|\.uk|\.de|\.sg|\.tv|\.link|\.online|\.systems|\.studio|\.test|\.example";
/// What stands before the top-level domain.
const LABELS: &str = r"(?:[0-9a-z](?:[0-9a-z-]*[0-9a-z])?\.)*[0-9a-z](?:[0-9a-z-]*[0-9a-z])?";
/// Names that look like hosts and are products.
const NOT_HOSTS: &[&str] = &[
    "asp.net",
    "vb.net",
    "socket.io",
    "ml.net",
    "ado.net",
    "draw.io",
    "notion.so",
    "monday.com",
    "fly.io",
    "cal.com",
];
/// Forges whose paths begin with `organisation/repository`.
const FORGES: &[&str] = &["github.com", "www.github.com", "gitlab.com", "bitbucket.org"];
/// First path parts of a forge that are pages and no organisations.
const FORGE_PAGES: &[&str] = &[
    "orgs",
    "settings",
    "organizations",
    "notifications",
    "apps",
    "features",
    "marketplace",
    "users",
    "login",
];
/// What stands behind an at sign without being an account: keywords of languages and of Slack.
const NOT_HANDLES: &[&str] = &[
    "media",
    "override",
    "import",
    "param",
    "return",
    "returns",
    "deprecated",
    "autowired",
    "component",
    "service",
    "test",
    "latest",
    "transactional",
    "bean",
    "configuration",
    "here",
    "channel",
    "everyone",
    "property",
    "type",
    "todo",
];

/// The rules for everything with an address, in order of precedence. URLs are in [`urls`].
pub(super) fn rules() -> Vec<Rule> {
    use EntityKind::{Handle, Host, Ip, Person};
    vec![
        Rule::new(Person, b"<@>", r"<@[uw][0-9a-z]*(?:\|[^<>\n]*)?>", any),
        mail_rule(),
        Rule::in_word(
            Ip,
            b"0.",
            r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?:/[0-9]{1,2}(?-u:\b))?",
            ipv4,
        ),
        Rule::in_word(
            Ip,
            b":0",
            r"[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:/[0-9]{1,3})?",
            ipv6,
        ),
        Rule::in_word(
            Host,
            b".",
            &format!(r"{LABELS}(?:{TLD})(?-u:\b)(?::[0-9]+)?"),
            host,
        ),
        Rule::in_word(Person, b"@", r"@user(?-u:\b)", handle),
        Rule::in_word(Handle, b"@", r"@[0-9a-z][0-9a-z._-]*[0-9a-z]", handle),
    ]
}

fn mail_rule() -> Rule {
    Rule::in_word(
        EntityKind::Mail,
        b"@.",
        r"[0-9a-z_+%-][0-9a-z._+%'-]*@[0-9a-z-]+(?:\.[0-9a-z-]+)+",
        mail,
    )
}

/// Finds mail addresses wherever they stand, inside URLs too.
pub(crate) fn find_mails(text: &str) -> Vec<Range<usize>> {
    static MAIL: LazyLock<Rules> = LazyLock::new(|| Rules::new(vec![mail_rule()]));
    let mut found = Vec::new();
    if text.contains('@') {
        MAIL.each(0..1, text, &MAIL.scan(text), |_, range| found.push(range));
    }
    found
}

/// How many rules there are in [`urls`].
pub(super) const URLS: usize = 2;

/// The rules for URLs, apart because they come before secrets and everything else.
pub(super) fn urls() -> [Rule; URLS] {
    let bare = format!(r"{LABELS}(?:{TLD})(?::[0-9]+)?/[{PATH}]*");
    [
        Rule::in_word(
            EntityKind::Url,
            b":/",
            &format!(r"(?-u:\b)[a-z][0-9a-z+.-]{{1,20}}://[{PATH}]+"),
            url,
        ),
        Rule::in_word(EntityKind::Url, b"./", &bare, bare_url),
    ]
}

/// What a URL may hold; quotes, angle and curly brackets, bars and blanks end it.
const PATH: &str = r"!#$%&'()*+,./0-9:;=?@a-z_~\[\]-";

fn url(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let value = &text[range.clone()];
    // A closing bracket belongs to the sentence unless the URL opened one.
    let mut trailing = vec!['.', ',', ';', ':', '!', '?', '\'', '*', '_'];
    trailing.extend(
        [('(', ')'), ('[', ']')]
            .iter()
            .filter(|(open, _)| !value.contains(*open))
            .map(|(_, close)| close),
    );
    let end = range.start + value.trim_end_matches(&trailing[..]).len();
    let has_authority = text[range.start..end]
        .split_once("://")
        .is_none_or(|(_, rest)| !rest.is_empty());
    (has_authority && end > range.start).then_some(range.start..end)
}

fn bare_url(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let previous = before(text, &range);
    let continues = previous.is_ascii_alphanumeric() || matches!(previous, b'@' | b'.' | b'-' | b'_' | b'/');
    if continues { None } else { url(text, range) }
}

fn mail(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let trimmed = text[range.clone()].trim_end_matches('-');
    let end = range.start + trimmed.len();
    let domain = trimmed.rsplit('@').next()?;
    // "actions/checkout@v4.1.0" is a version, not a mail: its last part is no name.
    let top = domain.rsplit('.').next()?;
    let named = top.len() >= 2 && top.bytes().all(|b| b.is_ascii_lowercase());
    named.then_some(range.start..end)
}

fn ipv4(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let (previous, next) = (before(text, &range), after(text, &range));
    let longer = previous.is_ascii_alphanumeric() || previous == b'.' || next.is_ascii_alphanumeric();
    let address = text[range.clone()].split('/').next()?;
    (!longer && address.parse::<Ipv4Addr>().is_ok()).then_some(range)
}

fn ipv6(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let mut end = range.end;
    if text[range.clone()].ends_with(':') && !text[range.clone()].ends_with("::") {
        end -= 1;
    }
    let address = text[range.start..end].split('/').next()?;
    // Two letters around "::" are a path of a programming language.
    let digits = address.bytes().filter(u8::is_ascii_hexdigit).count();
    let longer = before(text, &range).is_ascii_alphanumeric()
        || after(text, &(range.start..end)).is_ascii_alphanumeric();
    (digits >= 4 && !longer && address.parse::<Ipv6Addr>().is_ok()).then_some(range.start..end)
}

fn host(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let (previous, next) = (before(text, &range), after(text, &range));
    let longer =
        previous.is_ascii_alphanumeric() || matches!(previous, b'@' | b'.' | b'-' | b'_' | b'/' | b'$');
    let goes_on = matches!(next, b'-' | b'_' | b'(')
        || next == b'.'
            && text
                .as_bytes()
                .get(range.end + 1)
                .is_some_and(u8::is_ascii_alphanumeric);
    (!longer && !goes_on && !NOT_HOSTS.contains(&&text[range.clone()])).then_some(range)
}

fn handle(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let (previous, next) = (before(text, &range), after(text, &range));
    // A letter before it: part of a version pin. A bar: the label of a Slack group. A slash after it: an npm
    // scope or a team of an organisation.
    let bound = previous.is_ascii_alphanumeric()
        || matches!(previous, b'_' | b'.' | b'-' | b'/' | b'@' | b'|' | b'%');
    let name = &text[range.start + 1..range.end];
    let named = name.bytes().any(|b| b.is_ascii_lowercase()) && !NOT_HANDLES.contains(&name);
    (!bound && next != b'/' && next != b'@' && next != b'(' && named).then_some(range)
}

/// Where the parts of a URL stand, as ranges of the text it was found in; empty at their place when absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UrlParts {
    /// `user:password@`, the at sign included.
    pub(crate) user: Range<usize>,
    pub(crate) host: Range<usize>,
    /// From the slash after the authority.
    pub(crate) path: Range<usize>,
    /// From the question mark or the number sign to the end.
    pub(crate) query: Range<usize>,
}

/// Takes a URL apart. Without a scheme the host comes first.
pub(crate) fn url_parts(text: &str, url: &Range<usize>) -> UrlParts {
    let whole = text.get(url.clone()).unwrap_or_default();
    let authority = whole.find("://").map_or(0, |at| at + 3);
    let find = |from: usize, stops: &[char]| whole[from..].find(stops).map_or(whole.len(), |at| from + at);
    let path = find(authority, &['/', '?', '#']);
    let query = find(path, &['?', '#']);
    let host = whole[authority..path]
        .rfind('@')
        .map_or(authority, |at| authority + at + 1);
    let port = whole[host..path].rfind(':').map_or(path, |at| host + at);
    let at = |range: Range<usize>| url.start + range.start..url.start + range.end;
    UrlParts {
        user: at(authority..host),
        host: at(host..port),
        path: at(path..query),
        query: at(query..whole.len()),
    }
}

impl UrlParts {
    /// `organisation/name` when the URL leads into a repository of a known forge.
    pub(crate) fn repository<'t>(&self, text: &'t str) -> Option<&'t str> {
        if !FORGES.contains(&&text[self.host.clone()]) {
            return None;
        }
        let path = text[self.path.clone()].strip_prefix('/')?;
        let (owner, rest) = path.split_once('/')?;
        let name = rest.split('/').next()?.trim_end_matches(".git");
        let length = owner.len() + 1 + name.len();
        (!owner.is_empty() && !name.is_empty() && !FORGE_PAGES.contains(&owner)).then(|| &path[..length])
    }
}
