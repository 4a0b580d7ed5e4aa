//! HTTP/1.1 as far as the server needs it: requests in, replies out, and the ways a reply can be spoilt on its way.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::schema::percent_decode;

/// A request as it came in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// Without the query, as sent.
    pub(crate) path: String,
    /// Decoded, in order.
    pub(crate) query: Vec<(String, String)>,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Since the server started.
    pub(crate) at: Duration,
}

impl Request {
    /// The value of a header, its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The first query parameter of that name.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The path piece by piece; `//` makes an empty one, which no address of the API has.
    pub(crate) fn parts(&self) -> Vec<&str> {
        self.path
            .strip_prefix('/')
            .unwrap_or_default()
            .split('/')
            .collect()
    }

    /// The body as JSON; `null` when it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// Path and query as they stood in the request line.
    pub(crate) fn target(&self) -> String {
        let encode = super::schema::percent_encode;
        let query: Vec<String> = self
            .query
            .iter()
            .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
            .collect();
        match query.is_empty() {
            true => self.path.clone(),
            false => format!("{}?{}", self.path, query.join("&")),
        }
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let end = head_end(bytes)?;
        let head = String::from_utf8_lossy(&bytes[..end]);
        let mut lines = head.split("\r\n");
        let mut line = lines.next()?.split(' ');
        let (method, target) = (line.next()?, line.next()?);
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let decode = |text: &str| percent_decode(&text.replace('+', " "));
        Some(Self {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query
                .split('&')
                .filter(|pair| !pair.is_empty())
                .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
                .map(|(name, value)| (decode(name), decode(value)))
                .collect(),
            headers: lines
                .filter_map(|line| line.split_once(':'))
                .map(|(name, value)| (name.trim().to_lowercase(), value.trim().to_owned()))
                .collect(),
            body: bytes[end..].to_vec(),
            at: Duration::ZERO,
        })
    }
}

fn head_end(bytes: &[u8]) -> Option<usize> {
    let blank = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    Some(blank + 4)
}

/// How long the whole request is, once its head is complete.
fn length_of(bytes: &[u8]) -> Option<usize> {
    let request = Request::parse(bytes)?;
    let body = request.header("content-length")?.parse::<usize>();
    Some(bytes.len() - request.body.len() + body.ok()?)
}

/// What the server answers.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json; charset=utf-8", body.to_string())
    }

    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.into(),
        }
        .with("Content-Type", content_type)
    }

    /// The same with one more header.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    fn head(&self, length: usize) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, reason(self.status));
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        head += &format!("Date: {}\r\n", http_date(0));
        head += &format!("Content-Length: {length}\r\n\r\n");
        head.into_bytes()
    }
}

/// The time in `seconds` from now, as headers write it.
pub(crate) fn http_date(seconds: u64) -> String {
    let time = jiff::Timestamp::now() + Duration::from_secs(seconds);
    time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        300..=399 => "Redirect",
        400..=499 => "Client Error",
        _ => "Server Error",
    }
}

/// How a reply reaches the client.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Delivery {
    Whole,
    /// Half of the body, with a `Content-Length` that says so: only the JSON shows the loss.
    Cut,
    /// Half of the body, with the `Content-Length` of all of it, then the end of the connection.
    CutOff,
    /// Bytes that are no UTF-8 inside the JSON.
    NoUtf8,
    /// The connection is reset before the first byte.
    ResetBefore,
    /// The connection is reset after half of the body.
    ResetMidway,
    /// Nothing for that long, then the end of the connection.
    Silence(Duration),
    /// Some bytes, a pause, some bytes, and so on.
    Drip {
        bytes: usize,
        pause: Duration,
    },
}

/// One connection of a client.
///
/// The last byte of a request stays unread until its reply is on the way: closing a socket with unread bytes is how
/// the kernel is made to send a reset.
pub(crate) struct Connection<'a> {
    stream: TcpStream,
    stopped: &'a AtomicBool,
}

impl<'a> Connection<'a> {
    pub(crate) fn new(stream: TcpStream, stopped: &'a AtomicBool) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_millis(50)))?;
        Ok(Self { stream, stopped })
    }

    /// The next request; none when the client or the server has ended.
    pub(crate) fn request(&mut self) -> io::Result<Option<Request>> {
        let mut bytes = Vec::new();
        let mut window = [0; 16 * 1024];
        while !self.stopped.load(Ordering::Relaxed) {
            let seen = match self.stream.peek(&mut window) {
                Ok(0) => break,
                Ok(seen) => seen,
                Err(error) if is_timeout(&error) => continue,
                Err(error) => return Err(error),
            };
            let all = [&bytes, &window[..seen]].concat();
            let whole = match length_of(&all) {
                Some(length) => (length <= all.len()).then_some(length),
                None => head_end(&all),
            };
            let fresh = whole.map_or(seen, |length| length - bytes.len());
            self.stream.read_exact(&mut window[..fresh - 1])?;
            bytes.extend_from_slice(&window[..fresh - 1]);
            if let Some(length) = whole {
                return Ok(Request::parse(&all[..length]));
            }
            if fresh == 1 {
                std::thread::sleep(Duration::from_millis(1));
            }
        }
        Ok(None)
    }

    /// Sends `reply` that way; whether the connection lives on.
    pub(crate) fn reply(&mut self, reply: &Reply, delivery: Delivery) -> io::Result<bool> {
        let body = &reply.body;
        let half = body.len() / 2;
        match delivery {
            Delivery::ResetBefore => return Ok(false),
            Delivery::ResetMidway => {
                self.send(&reply.head(body.len()), &body[..half])?;
                // A reset makes the client drop what it has not read yet; it shall have read the half.
                std::thread::sleep(Duration::from_millis(30));
                return Ok(false);
            }
            _ => self.stream.read_exact(&mut [0])?,
        }
        match delivery {
            Delivery::Cut => self.send(&reply.head(half), &body[..half])?,
            Delivery::CutOff => self.send(&reply.head(body.len()), &body[..half])?,
            Delivery::NoUtf8 => {
                let spoilt = [&body[..half], b"\xff\xfe\xc3", &body[half..]].concat();
                self.send(&reply.head(spoilt.len()), &spoilt)?;
            }
            Delivery::Silence(time) => self.wait(time),
            Delivery::Drip { bytes, pause } => {
                self.send(&reply.head(body.len()), &[])?;
                for drop in body.chunks(bytes.max(1)) {
                    self.stream.write_all(drop)?;
                    self.wait(pause);
                }
            }
            _ => self.send(&reply.head(body.len()), body)?,
        }
        Ok(!matches!(delivery, Delivery::CutOff | Delivery::Silence(_)))
    }

    fn send(&mut self, head: &[u8], body: &[u8]) -> io::Result<()> {
        self.stream.write_all(&[head, body].concat())?;
        self.stream.flush()
    }

    /// Waits, but not beyond the end of the server.
    fn wait(&self, time: Duration) {
        let start = Instant::now();
        while start.elapsed() < time && !self.stopped.load(Ordering::Relaxed) {
            let left = time.saturating_sub(start.elapsed());
            std::thread::sleep(left.min(Duration::from_millis(20)));
        }
    }
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted
    )
}
