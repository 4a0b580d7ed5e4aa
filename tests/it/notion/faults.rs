//! What can go wrong between Notion and a client, each by its name.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::http::{Delivery, Reply, Request, http_date};
use super::ids::Id;
use super::paging::Quirk;
use super::problem::Problem;

/// One thing that goes wrong with one answer.
#[derive(Clone)]
pub(crate) enum Fault {
    /// This reply takes the place of the answer.
    Instead(Arc<dyn Fn(&Request) -> Reply + Send + Sync>),
    /// The answer, if it is a good one, with other JSON.
    Edited(fn(&mut Value)),
    /// A list goes on in a wrong way.
    Paging(Quirk),
    /// The answer is right and reaches the client badly.
    Delivered(Delivery),
}

/// The `Retry-After` of a refusal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum RetryAfter {
    Seconds(u64),
    /// As HTTP date, that many seconds from now.
    Date(u64),
    Missing,
}

/// The limit of one connection.
pub(crate) const CONNECTION_LIMIT: &str = "public_api_request_rate_limit";
/// The limit that all connections of a workspace share.
pub(crate) const SPACE_LIMIT: &str = "public_api_space_request_rate_limit";

impl Fault {
    /// 429, for the limit called `reason`.
    pub(crate) fn rate_limited(after: RetryAfter, reason: &str) -> Self {
        let message = "You have been rate limited. Please try again in a few minutes.";
        let problem = Problem::new(429, "rate_limited", message);
        Self::refusal(problem.with(json!({"rate_limit_reason": reason})), after)
    }

    /// 529: as 429, for everybody.
    pub(crate) fn overloaded(after: RetryAfter) -> Self {
        let message = "Notion is under heavy load. Please try again later.";
        Self::refusal(Problem::new(529, "service_overload", message), after)
    }

    fn refusal(problem: Problem, after: RetryAfter) -> Self {
        Self::instead(move |_| match after {
            RetryAfter::Seconds(seconds) => problem.reply().with("Retry-After", &seconds.to_string()),
            RetryAfter::Date(seconds) => problem.reply().with("Retry-After", &http_date(seconds)),
            RetryAfter::Missing => problem.reply(),
        })
    }

    /// 500.
    pub(crate) fn internal() -> Self {
        Self::problem(Problem::new(
            500,
            "internal_server_error",
            "Unexpected error occurred.",
        ))
    }

    /// 502 from the edge: HTML, `cf-ray`, no request id.
    pub(crate) fn bad_gateway() -> Self {
        Self::edge(502, "<html><head><title>502 Bad Gateway</title></head></html>")
    }

    /// 503.
    pub(crate) fn unavailable() -> Self {
        let message = "Notion is unavailable, please try again later.";
        Self::problem(Problem::new(503, "service_unavailable", message))
    }

    /// 504.
    pub(crate) fn gateway_timeout() -> Self {
        Self::problem(Problem::new(504, "gateway_timeout", "The request timed out."))
    }

    /// 403 from the edge: the network is blocked, which is no permission of Notion.
    pub(crate) fn blocked_at_the_edge() -> Self {
        Self::edge(403, "<html><body>Sorry, you have been blocked</body></html>")
    }

    /// 409.
    pub(crate) fn conflict() -> Self {
        let message = "Conflict occurred while saving. Please try again.";
        Self::problem(Problem::new(409, "conflict_error", message))
    }

    /// The one 400 that is worth a retry, with fewer rows a page.
    pub(crate) fn too_slow() -> Self {
        Self::problem(Problem::validation(
            "Public API object rendering exceeded the response time budget. Retry with exponential backoff.",
        ))
    }

    /// 401: the token was revoked.
    pub(crate) fn unauthorized() -> Self {
        Self::problem(Problem::unauthorized())
    }

    /// 403: the token lacks the capability.
    pub(crate) fn restricted() -> Self {
        Self::problem(Problem::restricted())
    }

    /// 404: gone since it was listed.
    pub(crate) fn not_found() -> Self {
        Self::problem(Problem::not_found("page", Id::of(0)))
    }

    /// 400 as of an endpoint that a version does not have.
    pub(crate) fn invalid_url() -> Self {
        Self::problem(Problem::invalid_url())
    }

    /// 404 of something that is not the API: an endpoint a proxy does not know.
    pub(crate) fn no_such_route() -> Self {
        Self::instead(|_| Reply::new(404, "text/plain", "404 page not found\n"))
    }

    /// 400 for a cursor that died in a slow run.
    pub(crate) fn dead_cursor() -> Self {
        Self::problem(Problem::dead_cursor("00000000-0000-0000-0000-000000000000"))
    }

    /// Any other error of the API.
    pub(crate) fn problem(problem: Problem) -> Self {
        Self::instead(move |_| problem.reply())
    }

    /// A page of HTML that says 200, as of a captive portal.
    pub(crate) fn html_with_200() -> Self {
        Self::instead(|_| Reply::new(200, "text/html", "<html><body>Please log in</body></html>"))
    }

    /// 200 and nothing else.
    pub(crate) fn empty_200() -> Self {
        Self::instead(|_| Reply::new(200, "application/json", ""))
    }

    /// A redirect to the same path under `base`, which is this server or another one.
    pub(crate) fn redirect(status: u16, base: &str) -> Self {
        let base = base.to_owned();
        Self::instead(move |request| {
            let to = format!("{base}{}", request.target());
            Reply::new(status, "text/plain", "").with("Location", &to)
        })
    }

    pub(crate) fn instead(reply: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        Self::Instead(Arc::new(reply))
    }

    fn edge(status: u16, html: &'static str) -> Self {
        Self::instead(move |_| {
            Reply::new(status, "text/html; charset=UTF-8", html).with("cf-ray", "8f00ba4d00000000-NRT")
        })
    }

    /// Every row is `object` and `id` alone.
    pub(crate) fn partial_rows() -> Self {
        Self::Edited(|answer| {
            for row in answer["results"].as_array_mut().into_iter().flatten() {
                *row = json!({"object": row["object"], "id": row["id"]});
            }
        })
    }

    /// A data source stands first among the rows, as in a wiki; here even if `result_type` says `page`.
    pub(crate) fn data_source_among_rows() -> Self {
        Self::Edited(|answer| {
            let source = json!({"object": "data_source", "id": Id::of(1), "properties": {}});
            if let Some(rows) = answer["results"].as_array_mut() {
                rows.insert(0, source);
            }
        })
    }

    /// Every row comes twice.
    pub(crate) fn doubled_rows() -> Self {
        Self::Edited(|answer| {
            if let Some(rows) = answer["results"].as_array_mut() {
                rows.extend(rows.clone());
            }
        })
    }

    /// The Markdown of a page is only its beginning.
    pub(crate) fn truncated_markdown() -> Self {
        Self::Edited(|answer| answer["truncated"] = json!(true))
    }

    /// No answer for that long.
    pub(crate) fn silence(time: Duration) -> Self {
        Self::Delivered(Delivery::Silence(time))
    }

    /// The body comes in drops.
    pub(crate) fn drip(bytes: usize, pause: Duration) -> Self {
        Self::Delivered(Delivery::Drip { bytes, pause })
    }

    /// Faults that a client outlives by trying again, none of which makes it wait.
    pub(crate) fn passing() -> Vec<Self> {
        let deliveries = [
            Delivery::Cut,
            Delivery::CutOff,
            Delivery::NoUtf8,
            Delivery::ResetBefore,
            Delivery::ResetMidway,
        ];
        let mut faults = vec![
            Self::rate_limited(RetryAfter::Seconds(0), CONNECTION_LIMIT),
            Self::overloaded(RetryAfter::Seconds(0)),
            Self::internal(),
            Self::bad_gateway(),
            Self::unavailable(),
            Self::gateway_timeout(),
            Self::conflict(),
            Self::too_slow(),
            Self::html_with_200(),
            Self::empty_200(),
        ];
        faults.extend(deliveries.map(Self::Delivered));
        faults
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Instead(_) => to.write_str("Instead"),
            Self::Edited(_) => to.write_str("Edited"),
            Self::Paging(quirk) => write!(to, "Paging({quirk:?})"),
            Self::Delivered(delivery) => write!(to, "Delivered({delivery:?})"),
        }
    }
}
