//! Why Notion could not be read, and what to do next.

use std::time::Duration;

use super::token::Token;

/// What Notion, or something on the way to it, answered in the end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotionError {
    /// The token is not known, or was taken back.
    #[error("notion does not accept the token (401 {code})")]
    Unauthorized {
        /// Notion's code.
        code: String,
    },
    /// The connection lacks a capability.
    #[error("notion does not allow this to the connection (403 {code}): {message}")]
    Restricted {
        /// Notion's code.
        code: String,
        /// Notion's words.
        message: String,
    },
    /// Something between here and Notion refused; Notion itself never saw the request.
    #[error("access was blocked before it reached notion (status {status}{})", ray.as_ref().map_or_else(String::new, |ray| format!(", ray id {ray}")))]
    Blocked {
        /// HTTP status.
        status: u16,
        /// Where to ask: Cloudflare's id of the request.
        ray: Option<String>,
    },
    /// There is no such object, or it is not shared with the connection: Notion does not tell which.
    #[error("notion does not find {what}")]
    NotFound {
        /// What was asked for.
        what: String,
    },
    /// The server does not know the request.
    #[error("the server does not know the request {what} (status {status})")]
    NoSuchRoute {
        /// What was asked for.
        what: String,
        /// HTTP status.
        status: u16,
    },
    /// Notion refuses the request as such.
    #[error("notion refuses {what} ({status} {code}): {message}")]
    Refused {
        /// What was asked for.
        what: String,
        /// HTTP status.
        status: u16,
        /// Notion's code.
        code: String,
        /// Notion's words.
        message: String,
    },
    /// A cursor of an earlier answer is not taken any more.
    #[error("notion does not take its own cursor any more")]
    DeadCursor,
    /// Notion could not put an answer together in time, however little was asked for.
    #[error("notion cannot put together {what} in time")]
    TooSlow {
        /// What was asked for.
        what: String,
    },
    /// Too many requests, for longer than it is sensible to wait.
    #[error("notion limits the rate and asks to wait {} s", wait.as_secs())]
    RateLimited {
        /// How long Notion asks to wait.
        wait: Duration,
        /// Which limit it is, as Notion names it.
        reason: Option<String>,
    },
    /// Every attempt failed on Notion's side.
    #[error("notion failed {attempts} times to answer {what}, last with status {status}{}", request_id.as_ref().map_or_else(String::new, |id| format!(" (request id {id})")))]
    Failing {
        /// What was asked for.
        what: String,
        /// HTTP status of the last attempt.
        status: u16,
        /// How often it was tried.
        attempts: u32,
        /// What Notion's support asks for.
        request_id: Option<String>,
    },
    /// Every attempt ended in an answer that is not what it should be.
    #[error("{attempts} answers to {what} could not be read: {reason}")]
    Unreadable {
        /// What was asked for.
        what: String,
        /// What is wrong with the last one.
        reason: String,
        /// How often it was tried.
        attempts: u32,
    },
    /// No connection, or it broke every time.
    #[error("notion cannot be reached: {reason} ({attempts} attempts)")]
    Unreachable {
        /// What the system says of the last attempt.
        reason: String,
        /// How often it was tried.
        attempts: u32,
    },
    /// The other side cannot show that it is Notion.
    #[error("the connection is not trusted: {reason}")]
    Untrusted {
        /// What is wrong with its certificate.
        reason: String,
    },
    /// The server sends to another place; the token does not go there.
    #[error("the server redirects to another host ({to}); the token was not sent there")]
    Redirected {
        /// The host.
        to: String,
    },
    /// The time the user allowed is over.
    #[error("the deadline has passed")]
    Deadline,
    /// The client could not be set up.
    #[error("the connection cannot be set up: {reason}")]
    Setup {
        /// Why not.
        reason: String,
    },
}

impl NotionError {
    /// Takes the token out of what the other side said: a server may repeat a header that it does not like.
    pub(super) fn without(mut self, token: &Token) -> Self {
        let texts: [Option<&mut String>; 2] = match &mut self {
            Self::Unauthorized { code } => [Some(code), None],
            Self::Restricted { code, message } | Self::Refused { code, message, .. } => {
                [Some(code), Some(message)]
            }
            Self::RateLimited { reason, .. } => [reason.as_mut(), None],
            Self::Failing { request_id, .. } => [request_id.as_mut(), None],
            Self::Blocked { ray, .. } => [ray.as_mut(), None],
            Self::Redirected { to } => [Some(to), None],
            _ => [None, None],
        };
        for text in texts.into_iter().flatten() {
            *text = token.hidden_in(text);
        }
        self
    }

    /// Returns the next step, where one is known.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Unauthorized { .. } => {
                "make a connection at notion.so/profile/integrations, put its token into NOTION_TOKEN or a file for --token-file, and run the same command again"
            }
            Self::Restricted { .. } => {
                "switch on \"Read content\" for the connection at notion.so/profile/integrations, then run the same command again"
            }
            Self::Blocked { .. } => {
                "this is a network block, not a permission in Notion: ask who runs the network or the proxy, and tell them the ray id"
            }
            Self::NotFound { .. } => {
                "open the database in Notion as a full page, choose ••• > Connections and add your connection; then pass the link of that page"
            }
            Self::NoSuchRoute { .. } => "check --base-url and --notion-version",
            Self::RateLimited { .. } => {
                "run the same command again later, it goes on where it stopped; a lower --requests-per-second may help"
            }
            Self::Untrusted { .. } => {
                "if a proxy of your company opens TLS connections, pass its certificate with --ca-cert FILE"
            }
            Self::Redirected { .. } => "pass the address of the server itself with --base-url",
            Self::Failing { .. }
            | Self::Unreadable { .. }
            | Self::Unreachable { .. }
            | Self::TooSlow { .. }
            | Self::DeadCursor
            | Self::Deadline => {
                "what was read is in the store: run the same command again, it goes on where it stopped"
            }
            Self::Refused { .. } | Self::Setup { .. } => return None,
        };
        Some(hint.to_owned())
    }
}
