//! Ids in the links that Notion gives: what a user pastes, and what tickets carry.
//!
//! A Notion id is 32 hexadecimal digits, dashed as a UUID or not. A link can hold several: that of a database, of a
//! view of it (`?v=`), of a page open beside it (`?p=`) and of a block (`#`). The order in which they are taken is that
//! of the official client (`extractNotionId`).

use url::Url;

use crate::ticket::Ticket;

/// What a user's text for a database says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The id that names the object, dashed, lower case.
    pub id: String,
    /// The page that the link opens beside it (`?p=`), if any.
    pub peeked: Option<String>,
}

/// Reads an id or a link; `None` if there is no id in it. The id of a view (`?v=`) or block is never taken.
#[must_use]
pub fn parse(text: &str) -> Option<Link> {
    let text = text.trim().trim_matches(['<', '>', '"', '\'']).trim();
    if let Some(id) = id(text) {
        return Some(Link { id, peeked: None });
    }
    if let Some(id) = text.strip_prefix("collection://").and_then(id) {
        return Some(Link { id, peeked: None });
    }
    let absolute = if text.contains("://") {
        Url::parse(text).ok()?
    } else {
        Url::parse(&format!("https://{text}")).ok()?
    };
    let of_query = |name: &str| {
        let mut pairs = absolute.query_pairs();
        pairs.find_map(|(key, value)| (key == name).then(|| id(&value)).flatten())
    };
    let peeked = of_query("p");
    let of_path = absolute
        .path_segments()
        .and_then(|segments| segments.rev().find_map(id_at_end));
    let named = of_path
        .or_else(|| peeked.clone())
        .or_else(|| of_query("page_id"))
        .or_else(|| of_query("database_id"))?;
    let peeked = peeked.filter(|peeked| *peeked != named);
    Some(Link { id: named, peeked })
}

/// Returns the Notion page that a ticket is, by its id or else by its link.
#[must_use]
pub fn page_of(ticket: &Ticket) -> Option<String> {
    id(ticket.id.as_str()).or_else(|| {
        let url = Url::parse(ticket.url.as_deref()?).ok()?;
        let host = url.host_str()?;
        let is_notion = ["notion.so", "notion.site", "notion.com"]
            .iter()
            .any(|domain| host == *domain || host.ends_with(&format!(".{domain}")));
        let link = is_notion.then(|| parse(url.as_str())).flatten()?;
        Some(link.peeked.unwrap_or(link.id))
    })
}

/// Reads exactly an id, dashed or not, and returns it dashed in lower case.
#[must_use]
pub fn id(text: &str) -> Option<String> {
    let is_dashed = text.len() == 36 && [8, 13, 18, 23].iter().all(|at| text.as_bytes()[*at] == b'-');
    let digits: String = if is_dashed {
        text.replace('-', "")
    } else {
        text.to_owned()
    };
    let is_id = digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_id.then(|| {
        let digits = digits.to_ascii_lowercase();
        let parts = [
            &digits[..8],
            &digits[8..12],
            &digits[12..16],
            &digits[16..20],
            &digits[20..],
        ];
        parts.join("-")
    })
}

/// The id at the end of a path segment such as `Title-of-the-page-<id>`.
fn id_at_end(segment: &str) -> Option<String> {
    let tail = |len: usize| {
        let (before, tail) = segment.split_at_checked(segment.len().checked_sub(len)?)?;
        let stands_alone = !before.ends_with(|c: char| c.is_ascii_hexdigit());
        stands_alone.then(|| id(tail)).flatten()
    };
    tail(36).or_else(|| tail(32))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ticket::TicketId;

    const DASHED: &str = "0226784a-bd11-4c34-8cdf-4a4cdccea111";
    const BARE: &str = "0226784abd114c348cdf4a4cdccea111";
    const VIEW: &str = "ffffffffffffffffffffffffffffffff";
    const PAGE: &str = "11111111222233334444555555555555";

    fn found(text: &str) -> Option<String> {
        parse(text).map(|link| link.id)
    }

    #[test]
    fn ids_and_links_of_every_form_are_read() {
        let forms = [
            DASHED.to_owned(),
            BARE.to_uppercase(),
            format!(" <https://www.notion.so/ws/SRE-{BARE}?v={VIEW}&pvs=4> "),
            format!("https://www.notion.so/{BARE}"),
            format!("notion.so/{BARE}"),
            format!("https://app.notion.com/p/ws/{BARE}"),
            format!("https://acme.notion.site/{BARE}?v={VIEW}#{PAGE}"),
            format!("https://www.notion.so/ws/%E4%BE%9D%E9%A0%BC-{BARE}/"),
            format!("https://www.notion.so/ws/依頼-{DASHED}"),
            format!("notion://www.notion.so/ws/SRE-{BARE}"),
            format!("collection://{DASHED}"),
            format!("https://www.notion.so/native?database_id={BARE}"),
        ];
        for form in forms {
            assert_eq!(found(&form).as_deref(), Some(DASHED), "{form}");
        }
    }

    #[test]
    fn a_page_open_beside_the_database_is_told_apart() {
        let link = parse(&format!("https://www.notion.so/{BARE}?v={VIEW}&p={PAGE}&pm=s")).unwrap();
        assert_eq!((link.id.as_str(), link.peeked), (DASHED, id(PAGE)));
    }

    #[test]
    fn views_and_other_text_are_no_ids() {
        for text in [
            "",
            "SRE",
            "https://www.notion.so/ws",
            &format!("https://notion.so/?v={VIEW}"),
            &format!("{BARE}0"),
            &format!("https://notion.so/a{BARE}"),
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }

    #[test]
    fn tickets_are_pages_by_id_or_link() {
        let ticket = |id: &str, url: Option<String>| Ticket {
            url,
            ..Ticket::new(TicketId::new(id).unwrap())
        };
        assert_eq!(page_of(&ticket(BARE, None)).as_deref(), Some(DASHED));
        let url = format!("https://www.notion.so/ws/x-{BARE}");
        assert_eq!(page_of(&ticket("SRE-1", Some(url))).as_deref(), Some(DASHED));
        let elsewhere = format!("https://example.com/{BARE}");
        assert_eq!(page_of(&ticket("SRE-1", Some(elsewhere))), None);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC*|[0-9a-f/?=&v.:-]{0,90}") {
            if let Some(link) = parse(&text) {
                prop_assert_eq!(id(&link.id), Some(link.id));
            }
        }
    }
}
