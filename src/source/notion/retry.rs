//! What to do after one attempt: take the answer, try again and when, or give up and why. A pure decision; the loop
//! that follows it is in `client`.
//!
//! All requests of a pull only read, so all may be repeated. What cannot heal is not repeated: 401, 403, 404 and every
//! 400 but the one with which Notion itself asks for a repetition.

use std::time::Duration;

use serde_json::{Map, Value};

use super::error::NotionError;

/// Attempts at one request.
pub(super) const ATTEMPTS: u32 = 7;

/// Attempts at one request while Notion says how long to wait for its rate limit: that is no failure, and a limit
/// shared by a whole workspace can be used up by others again and again.
const LIMITED_ATTEMPTS: u32 = 20;

/// Longest wait that is sat out, for one request all in all. Notion's own server gives up a request after one minute,
/// and a limit of a whole workspace can take longer than a minute to pass.
pub(super) const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// Longest time that one request may fail in all, its attempts included. A server that never answers costs more than a
/// minute each time; a failure that lasts longer than this is better met by a later pull.
const FAULT_PATIENCE: Duration = Duration::from_secs(150);

/// The first wait; each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// How one attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// There was an answer.
    Answer(Answer),
    /// There was none.
    Lost(Loss),
}

/// Why there was no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Loss {
    /// What happened, in words.
    pub(super) reason: String,
    /// Whether the other side could not be trusted, which no repetition changes.
    pub(super) is_untrusted: bool,
}

/// The parts of an HTTP answer that decide.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// How long to wait, if the answer says.
    pub(super) retry_after: Option<Duration>,
    pub(super) request_id: Option<String>,
    pub(super) ray: Option<String>,
    /// Where a redirect leads, if that is another host.
    pub(super) elsewhere: Option<String>,
    /// The moment of the answer by the server's clock, RFC 3339.
    pub(super) date: Option<String>,
    pub(super) body: Vec<u8>,
}

/// What to do now.
#[derive(Debug, PartialEq)]
pub(super) enum Decision {
    /// The answer is good.
    Take(Map<String, Value>),
    /// Wait, then try again.
    Retry {
        /// How long to wait at least.
        after: Duration,
        why: Why,
    },
    /// It will not heal, or not soon.
    GiveUp(NotionError),
}

/// Why an attempt is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// The rate was too high, or Notion is overloaded.
    Limited,
    /// Notion could not put the answer together in time: ask for less.
    TooMuch,
    /// Anything else.
    Fault,
}

/// Decides after attempt number `attempt` (from 1), when the request was begun `spent` ago. `jitter` is 0 to 1 and
/// spreads the waits of clients that failed together. `asked` names the request in errors.
pub(super) fn decide(
    asked: &Asked<'_>,
    outcome: Outcome,
    attempt: u32,
    spent: Duration,
    jitter: f64,
) -> Decision {
    match judge(asked, outcome, attempt) {
        Judgement::Good(object) => Decision::Take(object),
        Judgement::Final(error) => Decision::GiveUp(error),
        Judgement::Again { why, wait, error } => {
            // Half of the wait is sure and half is chance; a wait that the server named is never cut short.
            let backoff = FIRST_WAIT.saturating_mul(1 << attempt.min(16).saturating_sub(1));
            let spread = backoff.mul_f64(0.5 + jitter / 2.0);
            let after = wait.map_or(spread, |wait| {
                wait.max(Duration::from_millis(1)) + FIRST_WAIT.mul_f64(jitter / 2.0)
            });
            let patience = if why == Why::Limited {
                PATIENCE
            } else {
                FAULT_PATIENCE
            };
            let is_too_long = spent + after > patience;
            let most = if why == Why::Limited && wait.is_some() {
                LIMITED_ATTEMPTS
            } else {
                ATTEMPTS
            };
            if attempt >= most || is_too_long {
                Decision::GiveUp(error)
            } else {
                Decision::Retry { after, why }
            }
        }
    }
}

/// What was asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    /// Its name in errors.
    pub(super) what: &'a str,
    /// The keys without which an answer is none, whatever its status.
    pub(super) needs: &'a [&'a str],
}

/// What an attempt is worth, whatever came before it.
enum Judgement {
    Good(Map<String, Value>),
    Final(NotionError),
    Again {
        why: Why,
        /// What the server asks for.
        wait: Option<Duration>,
        /// What to report if it does not heal.
        error: NotionError,
    },
}

fn judge(asked: &Asked<'_>, outcome: Outcome, attempts: u32) -> Judgement {
    let what = asked.what;
    match outcome {
        Outcome::Lost(Loss {
            reason,
            is_untrusted: true,
        }) => Judgement::Final(NotionError::Untrusted { reason }),
        Outcome::Lost(Loss { reason, .. }) => fault(None, NotionError::Unreachable { reason, attempts }),
        Outcome::Answer(answer) => {
            match object(&answer.body).and_then(|object| whole(object, &answer, asked.needs)) {
                _ if (300..400).contains(&answer.status) => Judgement::Final(NotionError::Redirected {
                    to: answer.elsewhere.unwrap_or_else(|| "an unknown place".to_owned()),
                }),
                Ok(object) if (200..300).contains(&answer.status) => Judgement::Good(object),
                Err(reason) if (200..300).contains(&answer.status) => fault(
                    answer.retry_after,
                    NotionError::Unreadable {
                        what: what.to_owned(),
                        reason,
                        attempts,
                    },
                ),
                body => refusal(what, &answer, body.ok(), attempts),
            }
        }
    }
}

/// Judges an answer with a status of 400 and above. Only Notion itself answers with an object that has a code.
fn refusal(what: &str, answer: &Answer, body: Option<Map<String, Value>>, attempts: u32) -> Judgement {
    let text = |key: &str| {
        let value = body.as_ref().and_then(|body| body.get(key)?.as_str());
        value.unwrap_or_default().to_owned()
    };
    let (status, code, message) = (answer.status, text("code"), text("message"));
    let what = what.to_owned();
    let final_error = |error| Judgement::Final(error);
    match (status, code.as_str()) {
        (429 | 529, _) => Judgement::Again {
            why: Why::Limited,
            wait: answer.retry_after.filter(|wait| !wait.is_zero()),
            error: NotionError::RateLimited {
                wait: answer.retry_after.unwrap_or_default(),
                reason: limit_reason(body.as_ref()),
            },
        },
        (400..=599, _) if asks_for_less(&message) => Judgement::Again {
            why: Why::TooMuch,
            wait: answer.retry_after,
            error: NotionError::TooSlow { what },
        },
        (408 | 409 | 500..=599, _) => fault(
            answer.retry_after.filter(|wait| !wait.is_zero()),
            NotionError::Failing {
                what,
                status,
                attempts,
                request_id: answer.request_id.clone(),
            },
        ),
        (401, _) => final_error(NotionError::Unauthorized { code }),
        (403, "") => final_error(NotionError::Blocked {
            status,
            ray: answer.ray.clone(),
        }),
        (403, _) => final_error(NotionError::Restricted { code, message }),
        (404, "object_not_found") => final_error(NotionError::NotFound { what }),
        (404, _) | (400, "invalid_request_url") => final_error(NotionError::NoSuchRoute { what, status }),
        // The code is the same for every fault of a request; only the words tell this one.
        (400, _) if message.contains("start_cursor") => final_error(NotionError::DeadCursor),
        _ => final_error(NotionError::Refused {
            what,
            status,
            code,
            message,
        }),
    }
}

fn fault(wait: Option<Duration>, error: NotionError) -> Judgement {
    Judgement::Again {
        why: Why::Fault,
        wait,
        error,
    }
}

/// Whether Notion says that the answer was too large for its time budget, which it does as a 400 and as a 503.
fn asks_for_less(message: &str) -> bool {
    message.contains("response time budget") || message.contains("Retry with exponential backoff")
}

fn limit_reason(body: Option<&Map<String, Value>>) -> Option<String> {
    let reason = body?.get("additional_data")?.get("rate_limit_reason")?;
    Some(reason.as_str()?.to_owned())
}

/// Refuses a good answer that lacks one of its parts, as a proxy's word for a failure does.
fn whole(object: Map<String, Value>, answer: &Answer, needs: &[&str]) -> Result<Map<String, Value>, String> {
    let missing = needs.iter().find(|key| !object.contains_key(**key));
    match missing {
        Some(key) if (200..300).contains(&answer.status) => Err(format!("the answer has no {key}")),
        _ => Ok(object),
    }
}

/// Reads a body as a JSON object; the error is the reason, a lower-case fragment.
fn object(body: &[u8]) -> Result<Map<String, Value>, String> {
    if body.trim_ascii().is_empty() {
        return Err("the answer is empty".to_owned());
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err("the answer is no JSON object".to_owned()),
        Err(_) if body.trim_ascii_start().starts_with(b"<") => Err("the answer is a web page".to_owned()),
        Err(error) if error.is_eof() => Err("the answer breaks off".to_owned()),
        Err(_) => Err("the answer is no JSON".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const ROWS: Asked<'_> = Asked {
        what: "rows",
        needs: &["results"],
    };

    fn answer(status: u16, body: &str) -> Answer {
        Answer {
            status,
            body: body.as_bytes().to_vec(),
            ..Answer::default()
        }
    }

    fn error(status: u16, code: &str, message: &str) -> Answer {
        answer(
            status,
            &json!({"object": "error", "status": status, "code": code, "message": message}).to_string(),
        )
    }

    fn after(answer: Answer, attempt: u32) -> Decision {
        decide(&ROWS, Outcome::Answer(answer), attempt, Duration::ZERO, 0.0)
    }

    fn is_retried(answer: Answer) -> bool {
        matches!(after(answer, 1), Decision::Retry { .. })
    }

    #[test]
    fn what_can_heal_is_tried_again() {
        for status in [408, 409, 500, 502, 503, 504, 520, 529, 429] {
            assert!(is_retried(error(status, "any", "")), "{status}");
            assert!(is_retried(answer(status, "<html>")), "{status}");
        }
        for body in ["", "<html>", "{\"results\":[", "[]", "\u{1}", "{\"error\":1}"] {
            assert!(is_retried(answer(200, body)), "{body}");
        }
        let budget =
            "Public API object rendering exceeded the response time budget. Retry with exponential backoff";
        for status in [400, 503] {
            let decision = after(error(status, "validation_error", budget), 1);
            assert!(matches!(
                decision,
                Decision::Retry {
                    why: Why::TooMuch,
                    ..
                }
            ));
        }
        let lost = Outcome::Lost(Loss {
            reason: "reset".into(),
            is_untrusted: false,
        });
        assert!(matches!(
            decide(&ROWS, lost, 1, Duration::ZERO, 0.5),
            Decision::Retry { .. }
        ));
    }

    #[test]
    fn what_cannot_heal_is_told_at_once() {
        let told = |answer| match after(answer, 1) {
            Decision::GiveUp(error) => error,
            other => panic!("{other:?}"),
        };
        assert!(matches!(
            told(error(401, "unauthorized", "")),
            NotionError::Unauthorized { .. }
        ));
        assert!(matches!(
            told(error(403, "restricted_resource", "")),
            NotionError::Restricted { .. }
        ));
        assert!(matches!(told(answer(403, "<html>")), NotionError::Blocked { .. }));
        assert!(matches!(
            told(error(404, "object_not_found", "")),
            NotionError::NotFound { .. }
        ));
        assert!(matches!(
            told(answer(404, "not here")),
            NotionError::NoSuchRoute { .. }
        ));
        assert!(matches!(
            told(error(400, "invalid_request_url", "")),
            NotionError::NoSuchRoute { .. }
        ));
        assert!(matches!(
            told(error(400, "validation_error", "no")),
            NotionError::Refused { .. }
        ));
        let dead = "The start_cursor provided is invalid: abc";
        assert_eq!(
            told(error(400, "validation_error", dead)),
            NotionError::DeadCursor
        );
        assert!(matches!(told(answer(302, "")), NotionError::Redirected { .. }));
    }

    #[test]
    fn a_named_wait_is_kept_and_a_long_one_is_told() {
        let limited = |seconds| Answer {
            retry_after: Some(Duration::from_secs(seconds)),
            ..error(429, "rate_limited", "")
        };
        assert_eq!(
            after(limited(61), 1),
            Decision::Retry {
                after: Duration::from_secs(61),
                why: Why::Limited
            }
        );
        assert!(matches!(
            after(limited(3600), 1),
            Decision::GiveUp(NotionError::RateLimited { wait, .. }) if wait == Duration::from_secs(3600)
        ));
    }

    #[test]
    fn a_server_that_never_answers_is_given_up_in_minutes() {
        let after = |minutes| {
            let lost = Outcome::Lost(Loss {
                reason: "no answer in time".into(),
                is_untrusted: false,
            });
            decide(
                &ROWS,
                lost,
                minutes,
                Duration::from_secs(70 * u64::from(minutes)),
                0.0,
            )
        };
        assert!(matches!(after(2), Decision::Retry { .. }));
        assert!(matches!(
            after(3),
            Decision::GiveUp(NotionError::Unreachable { .. })
        ));
    }

    #[test]
    fn the_waits_double_and_end() {
        let waits: Vec<_> = (1..=ATTEMPTS)
            .map_while(|attempt| match after(answer(502, ""), attempt) {
                Decision::Retry { after, .. } => Some(after.as_millis()),
                _ => None,
            })
            .collect();
        assert_eq!(waits, [250, 500, 1000, 2000, 4000, 8000]);
    }

    proptest! {
        #[test]
        fn any_answer_is_decided(status in 100_u16..600, body in prop::collection::vec(any::<u8>(), 0..40), attempt in 1_u32..9, jitter in 0.0..1.0) {
            let answer = Answer { status, body, ..Answer::default() };
            let decision = decide(&ROWS, Outcome::Answer(answer), attempt, Duration::ZERO, jitter);
            if let Decision::Retry { after, .. } = decision {
                prop_assert!(attempt < LIMITED_ATTEMPTS && after <= Duration::from_secs(32));
            }
        }
    }
}
