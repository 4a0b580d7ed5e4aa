//! Everything that reached the server, in order of arrival.

use std::time::Duration;

use super::http::Request;

/// What a request asks for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Kind {
    Database,
    DataSource,
    Query,
    Page,
    Markdown,
    Property,
    Children,
    Comments,
    View,
    /// Nothing the API has.
    Other,
}

impl Kind {
    pub(crate) fn of(request: &Request) -> Self {
        let parts = request.parts();
        match (request.method.as_str(), &parts[..]) {
            ("GET", ["v1", "databases", _]) => Self::Database,
            ("GET", ["v1", "data_sources", _]) => Self::DataSource,
            ("POST", ["v1", "data_sources" | "databases", _, "query"]) => Self::Query,
            ("GET", ["v1", "pages", _]) => Self::Page,
            ("GET", ["v1", "pages", _, "markdown"]) => Self::Markdown,
            ("GET", ["v1", "pages", _, "properties", _]) => Self::Property,
            ("GET", ["v1", "blocks", _, "children"]) => Self::Children,
            ("GET", ["v1", "comments"]) => Self::Comments,
            ("GET", ["v1", "views", _]) => Self::View,
            _ => Self::Other,
        }
    }

    /// The parameters it takes in the address.
    pub(crate) fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::Query | Self::Page => &["filter_properties"],
            Self::Markdown => &["include_transcript"],
            Self::Property | Self::Children => &["page_size", "start_cursor"],
            Self::Comments => &["block_id", "page_size", "start_cursor"],
            Self::Database | Self::DataSource | Self::View | Self::Other => &[],
        }
    }
}

/// The requests so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log {
    pub(crate) requests: Vec<Request>,
}

impl Log {
    pub(crate) fn count(&self, kind: Kind) -> usize {
        self.of(kind).len()
    }

    pub(crate) fn of(&self, kind: Kind) -> Vec<&Request> {
        let requests = self.requests.iter();
        requests.filter(|request| Kind::of(request) == kind).collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.requests.len()
    }

    /// How many requests hold `text` anywhere: address, headers or body.
    pub(crate) fn mentions(&self, text: &str) -> usize {
        let has = |request: &&Request| {
            let headers = request.headers.iter();
            request.target().contains(text)
                || String::from_utf8_lossy(&request.body).contains(text)
                || headers.into_iter().any(|(_, value)| value.contains(text))
        };
        self.requests.iter().filter(has).count()
    }

    /// The most requests that arrived within any stretch of `window`.
    pub(crate) fn busiest(&self, window: Duration) -> usize {
        let within = |first: &Request| {
            let end = first.at + window;
            let requests = self.requests.iter();
            requests
                .filter(|other| other.at >= first.at && other.at < end)
                .count()
        };
        self.requests.iter().map(within).max().unwrap_or(0)
    }

    /// The times between one request and the next.
    pub(crate) fn gaps(&self) -> Vec<Duration> {
        let pairs = self.requests.windows(2);
        pairs.map(|pair| pair[1].at.saturating_sub(pair[0].at)).collect()
    }
}
