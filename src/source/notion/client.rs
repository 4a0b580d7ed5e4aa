//! One HTTP connection to Notion: paced, repeated where that can help, trusted. The only code that uses `reqwest`.
//!
//! What to do after an attempt is decided in `retry`, how fast to go in `pace`; this is the loop between them.

use std::error::Error as StdError;
use std::io::Read;
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::blocking::{Client as Http, Response};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Method};
use secrecy::ExposeSecret;
use serde_json::{Map, Value};
use url::Url;

use super::error::NotionError;
use super::pace::Pace;
use super::retry::{Answer, Asked, Decision, Loss, Outcome, Why, decide};
use super::token::Token;

/// Where Notion's API is.
pub const BASE_URL: &str = "https://api.notion.com";

/// The version of the API that is asked for unless the settings name another.
pub const VERSION: &str = "2026-03-11";

/// Requests a second unless the settings name another number: Notion's documented average.
pub const REQUESTS_PER_SECOND: f64 = 3.0;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long an answer may take unless the user says otherwise: Notion gives a request up after 60 s, and one later than
/// this will not come.
pub const ANSWER_TIMEOUT: Duration = Duration::from_secs(70);

/// No answer of the API comes near this; a larger one is not Notion's.
const LARGEST_ANSWER: u64 = 256 << 20;

/// Redirects that are followed, all to the same host.
const MOST_REDIRECTS: usize = 5;

/// How to reach Notion.
#[derive(Debug, Clone)]
pub struct Access {
    /// What opens the workspace.
    pub token: Token,
    /// [`BASE_URL`], or where a proxy or another server stands in for it.
    pub base_url: Url,
    /// Value of the header `Notion-Version`.
    pub version: String,
    /// Most requests a second.
    pub requests_per_second: f64,
    /// Certificates, PEM, that are trusted besides those of the system.
    pub certificates: Option<Vec<u8>>,
    /// How long one answer may take.
    pub timeout: Duration,
    /// When to give up whatever is not done.
    pub deadline: Option<Instant>,
}

/// A pause that the user may want to know of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// How long.
    pub time: Duration,
    /// Whether Notion limits the rate; else something failed and is tried again.
    pub is_limited: bool,
}

/// A client that belongs to one pull.
pub struct Client {
    http: Http,
    token: Token,
    base: Url,
    version: String,
    pace: Pace,
    timeout: Duration,
    deadline: Option<Instant>,
    /// Requests sent so far, repetitions included.
    requests: u64,
    /// The server's clock at its last answer.
    server_time: Option<Timestamp>,
    on_wait: Box<dyn FnMut(Waiting)>,
}

/// One request of the API.
#[derive(Debug, Clone)]
pub(super) struct Call {
    /// Path segments behind `/v1`; they are encoded here.
    pub(super) path: Vec<String>,
    pub(super) query: Vec<(&'static str, String)>,
    /// A body makes it a POST.
    pub(super) body: Option<Value>,
}

impl Client {
    /// Sets a client up; sends nothing. `on_wait` is told of every pause but that of the ordinary pace.
    ///
    /// # Errors
    ///
    /// [`NotionError::Setup`] if a certificate cannot be read or a header cannot be written.
    pub fn new(access: Access, on_wait: Box<dyn FnMut(Waiting)>) -> Result<Self, NotionError> {
        let setup = |reason: String| NotionError::Setup { reason };
        // Another client in the process may have installed it; it is the same one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = Http::builder()
            .user_agent(concat!("toilscope/", env!("CARGO_PKG_VERSION")))
            .default_headers(headers(&access).map_err(setup)?)
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(access.timeout);
        if let Some(pem) = &access.certificates {
            let certificates = Certificate::from_pem_bundle(pem)
                .map_err(|error| setup(format!("the certificate file cannot be read: {}", said(&error))))?;
            if certificates.is_empty() {
                return Err(setup("the certificate file holds no certificate".to_owned()));
            }
            builder = builder.tls_certs_merge(certificates);
        }
        Ok(Self {
            http: builder.build().map_err(|error| setup(said(&error)))?,
            token: access.token,
            base: base(access.base_url),
            version: access.version,
            pace: Pace::new(access.requests_per_second),
            timeout: access.timeout,
            deadline: access.deadline,
            requests: 0,
            server_time: None,
            on_wait,
        })
    }

    /// Returns the version of the API that is asked for.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Returns how many requests were sent, repetitions included.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.requests
    }

    /// Returns the server's clock at its last answer, if it said.
    #[must_use]
    pub fn server_time(&self) -> Option<Timestamp> {
        self.server_time
    }

    /// Sends a request until it is answered or given up. `make` is told how often Notion has said that it asked for
    /// too much at once.
    pub(super) fn send(
        &mut self,
        asked: Asked<'_>,
        mut make: impl FnMut(u32) -> Call,
    ) -> Result<Map<String, Value>, NotionError> {
        let mut too_much = 0;
        let begun = Instant::now();
        for attempt in 1.. {
            self.wait_for_pace()?;
            let outcome = self.attempt(&make(too_much));
            match decide(&asked, outcome, attempt, begun.elapsed(), fastrand::f64()) {
                Decision::Take(object) => {
                    self.pace.answered();
                    return Ok(object);
                }
                Decision::GiveUp(error) => return Err(error.without(&self.token)),
                Decision::Retry { after, why } => {
                    too_much += u32::from(why == Why::TooMuch);
                    let is_limited = why == Why::Limited;
                    if is_limited {
                        self.pace.limited();
                    }
                    (self.on_wait)(Waiting {
                        time: after,
                        is_limited,
                    });
                    self.sleep(after)?;
                }
            }
        }
        // The attempts are bounded by `decide`.
        Err(NotionError::Deadline)
    }

    fn wait_for_pace(&mut self) -> Result<(), NotionError> {
        let wait = self.pace.take(Instant::now());
        self.sleep(wait)
    }

    fn sleep(&self, time: Duration) -> Result<(), NotionError> {
        if self
            .deadline
            .is_some_and(|deadline| Instant::now() + time >= deadline)
        {
            return Err(NotionError::Deadline);
        }
        thread::sleep(time);
        Ok(())
    }

    /// Sends a request once, following redirects on the same host.
    fn attempt(&mut self, call: &Call) -> Outcome {
        let mut url = self.url(call);
        for _ in 0..=MOST_REDIRECTS {
            self.requests += 1;
            let mut answer = match self.exchange(&url, call) {
                Ok(answer) => answer,
                Err(loss) => return Outcome::Lost(loss),
            };
            let Some(location) = answer.elsewhere.take() else {
                return Outcome::Answer(answer);
            };
            let is_here = |next: &Url| next.origin() == url.origin();
            match url.join(&location) {
                Ok(next) if is_here(&next) => url = next,
                Ok(next) => {
                    answer.elsewhere = Some(next.host_str().unwrap_or_default().to_owned());
                    return Outcome::Answer(answer);
                }
                Err(_) => return Outcome::Answer(answer),
            }
        }
        Outcome::Lost(Loss {
            reason: "the server redirects in a circle".to_owned(),
            is_untrusted: false,
        })
    }

    fn exchange(&mut self, url: &Url, call: &Call) -> Result<Answer, Loss> {
        let method = if call.body.is_some() {
            Method::POST
        } else {
            Method::GET
        };
        let mut request = self.http.request(method, url.clone());
        if let Some(body) = &call.body {
            request = request
                .header(CONTENT_TYPE, "application/json")
                .body(body.to_string());
        }
        if let Some(deadline) = self.deadline {
            let left = deadline.saturating_duration_since(Instant::now());
            request = request.timeout(left.min(self.timeout));
        }
        let response = request.send().map_err(|error| lost(&error))?;
        let answer = read(response)?;
        if let Some(date) = &answer.date {
            self.server_time = date.parse().ok();
        }
        Ok(answer)
    }

    fn url(&self, call: &Call) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().push("v1").extend(&call.path);
        }
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.query);
        }
        url
    }
}

/// The base without what every path begins with anyway.
fn base(mut url: Url) -> Url {
    url.set_query(None);
    url.set_fragment(None);
    let path = url.path().trim_end_matches('/');
    let path = path.strip_suffix("/v1").unwrap_or(path).to_owned();
    url.set_path(&path);
    url
}

fn headers(access: &Access) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    let mut bearer = HeaderValue::from_str(access.token.bearer().expose_secret())
        .map_err(|_| "the token holds characters that no header can carry".to_owned())?;
    bearer.set_sensitive(true);
    headers.insert(AUTHORIZATION, bearer);
    let version = HeaderValue::from_str(&access.version)
        .map_err(|_| "the version holds characters that no header can carry".to_owned())?;
    headers.insert("notion-version", version);
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    Ok(headers)
}

/// Reads an answer whole.
fn read(response: Response) -> Result<Answer, Loss> {
    let headers = response.headers();
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::to_owned);
    let date = text("date").and_then(|date| moment(&date));
    let is_redirect = response.status().is_redirection();
    let mut answer = Answer {
        status: response.status().as_u16(),
        retry_after: text("retry-after").and_then(|after| retry_after(&after, date)),
        request_id: text("x-notion-request-id"),
        ray: text("cf-ray"),
        elsewhere: text(LOCATION.as_str()).filter(|_| is_redirect),
        date: date.map(|date| date.to_string()),
        body: Vec::new(),
    };
    let mut body = response.take(LARGEST_ANSWER + 1);
    body.read_to_end(&mut answer.body).map_err(|error| Loss {
        reason: format!("the answer broke off: {}", innermost(&error)),
        is_untrusted: false,
    })?;
    if answer.body.len() as u64 > LARGEST_ANSWER {
        return Err(Loss {
            reason: "the answer does not end".to_owned(),
            is_untrusted: false,
        });
    }
    Ok(answer)
}

/// Reads `Retry-After`, in seconds or as a date, which is measured by the clock of the same server.
fn retry_after(text: &str, date: Option<Timestamp>) -> Option<Duration> {
    if let Ok(seconds) = text.trim().parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let wait = moment(text)?.duration_since(date?);
    Some(Duration::try_from(wait).unwrap_or_default())
}

/// Reads an HTTP date, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
fn moment(text: &str) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new().parse_timestamp(text.trim()).ok()
}

fn lost(error: &reqwest::Error) -> Loss {
    let mut chain = std::iter::successors(Some(error as &(dyn StdError + 'static)), |error| beneath(*error));
    let is_untrusted = chain.any(|error| {
        matches!(
            error.downcast_ref::<rustls::Error>(),
            Some(rustls::Error::InvalidCertificate(_))
        )
    });
    let reason = if error.is_timeout() {
        "no answer in time".to_owned()
    } else {
        said(error)
    };
    Loss { reason, is_untrusted }
}

/// The error behind an error. One of the system that wraps another shows only what is behind that one.
fn beneath<'e>(error: &'e (dyn StdError + 'static)) -> Option<&'e (dyn StdError + 'static)> {
    let wrapped = error
        .downcast_ref::<std::io::Error>()
        .and_then(std::io::Error::get_ref);
    match wrapped {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}

/// What an error says at its root. What stands above it names addresses, which may hold a proxy's password.
fn said(error: &reqwest::Error) -> String {
    innermost(error)
}

fn innermost(error: &(dyn StdError + 'static)) -> String {
    let mut error = error;
    while let Some(source) = beneath(error) {
        error = source;
    }
    match error.downcast_ref::<reqwest::Error>() {
        Some(_) => "the request failed".to_owned(),
        None => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_read_in_seconds_and_as_dates() {
        let date = moment("Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(retry_after("7", None), Some(Duration::from_secs(7)));
        assert_eq!(retry_after(" 0.5 ", None), Some(Duration::from_millis(500)));
        assert_eq!(
            retry_after("Sun, 06 Nov 1994 08:50:07 GMT", date),
            Some(Duration::from_secs(30))
        );
        assert_eq!(
            retry_after("Sun, 06 Nov 1994 08:49:00 GMT", date),
            Some(Duration::ZERO)
        );
        for text in ["soon", "-3", "1e999", "Sun, 06 Nov 1994 08:50:07 GMT"] {
            assert_eq!(retry_after(text, None), None, "{text}");
        }
    }

    #[test]
    fn the_base_may_end_in_a_slash_or_in_the_version() {
        for text in [
            "http://localhost:1/a",
            "http://localhost:1/a/",
            "http://localhost:1/a/v1/?x#y",
        ] {
            assert_eq!(base(Url::parse(text).unwrap()).as_str(), "http://localhost:1/a");
        }
        assert_eq!(
            base(Url::parse(BASE_URL).unwrap()).as_str(),
            "https://api.notion.com/"
        );
    }

    #[test]
    fn neither_client_nor_access_shows_the_token() {
        let access = Access {
            token: Token::new("ntn_secret").unwrap(),
            base_url: Url::parse(BASE_URL).unwrap(),
            version: VERSION.to_owned(),
            requests_per_second: 3.0,
            certificates: None,
            timeout: ANSWER_TIMEOUT,
            deadline: None,
        };
        assert!(!format!("{access:?} {:?}", headers(&access).unwrap()).contains("ntn_secret"));
    }
}
