//! The server: a listener, a thread a connection, and one state that all of them share.

use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use serde_json::Value;

use super::answers::Context;
use super::desk::Desk;
use super::faults::Fault;
use super::http::{Connection, Delivery, Reply, Request};
use super::ids::Id;
use super::log::Log;
use super::paging::{Cursors, Quirk};
use super::plan::{Chance, Plan, When};
use super::query::Found;

struct State {
    desk: Desk,
    plan: Plan,
    log: Log,
    cursors: Cursors,
    found: Option<Found>,
}

/// Notion's API on a port of this machine, as long as it lives.
pub(crate) struct Server {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    stopped: Arc<AtomicBool>,
}

impl Server {
    /// Starts to answer for `desk` on a free port.
    pub(crate) fn start(desk: Desk) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("the address of the listener");
        let state = Arc::new(Mutex::new(State {
            desk,
            plan: Plan::default(),
            log: Log::default(),
            cursors: Cursors::default(),
            found: None,
        }));
        let stopped = Arc::new(AtomicBool::new(false));
        let (shared, flag, start) = (Arc::clone(&state), Arc::clone(&stopped), Instant::now());
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if flag.load(Ordering::Relaxed) {
                    break;
                }
                let (state, stopped) = (Arc::clone(&shared), Arc::clone(&flag));
                // A client that goes away is no failure of the server.
                std::thread::spawn(move || drop(serve(stream, &state, &stopped, start)));
            }
        });
        Self {
            address,
            state,
            stopped,
        }
    }

    /// The base URL, without `/v1`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Lets `fault` happen to the requests that `when` names.
    pub(crate) fn fault(&self, when: When, fault: Fault) {
        self.state().plan.fault(when, fault);
    }

    /// Changes the desk right before the requests that `when` names are answered.
    pub(crate) fn before(&self, when: When, change: impl FnMut(&mut Desk) + Send + 'static) {
        self.state().plan.change(when, change);
    }

    /// Lets faults happen by chance.
    pub(crate) fn by_chance(&self, chance: Chance) {
        self.state().plan.by_chance(chance);
    }

    /// Takes back all faults and changes to come.
    pub(crate) fn clear(&self) {
        self.state().plan.clear();
    }

    /// Looks at the desk or changes it.
    pub(crate) fn desk<T>(&self, change: impl FnOnce(&mut Desk) -> T) -> T {
        let mut state = self.state();
        state.found = None;
        change(&mut state.desk)
    }

    /// All requests so far.
    pub(crate) fn log(&self) -> Log {
        self.state().log.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        // Wakes the listener up, which closes the port.
        drop(TcpStream::connect(self.address));
    }
}

/// A change that panicked has failed its test already.
fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn serve(stream: TcpStream, state: &Mutex<State>, stopped: &AtomicBool, start: Instant) -> io::Result<()> {
    let mut connection = Connection::new(stream, stopped)?;
    while let Some(mut request) = connection.request()? {
        request.at = start.elapsed();
        let close = request
            .header("connection")
            .is_some_and(|value| value.eq_ignore_ascii_case("close"));
        let (reply, delivery) = lock(state).handle(&request);
        if !connection.reply(&reply, delivery)? || close {
            break;
        }
    }
    Ok(())
}

impl State {
    fn handle(&mut self, request: &Request) -> (Reply, Delivery) {
        self.log.requests.push(request.clone());
        let (changed, fault) = self.plan.due(request, &mut self.desk);
        if changed {
            self.found = None;
        }
        match fault {
            None => (self.answer(request, None, |_| ()), Delivery::Whole),
            Some(Fault::Paging(quirk)) => (self.answer(request, Some(quirk), |_| ()), Delivery::Whole),
            Some(Fault::Edited(edit)) => (self.answer(request, None, edit), Delivery::Whole),
            Some(Fault::Delivered(delivery)) => (self.answer(request, None, |_| ()), delivery),
            Some(Fault::Instead(reply)) => (self.countersign(reply(request)), Delivery::Whole),
        }
    }

    fn answer(&mut self, request: &Request, quirk: Option<Quirk>, edit: impl Fn(&mut Value)) -> Reply {
        let mut context = Context {
            desk: &self.desk,
            request,
            cursors: &mut self.cursors,
            found: &mut self.found,
            quirk,
        };
        match context.answer() {
            Ok(mut answer) => {
                edit(&mut answer);
                self.sign(200, answer)
            }
            Err(problem) => self.countersign(problem.reply()),
        }
    }

    /// Notion's own answers carry a request id, in their body too.
    fn sign(&self, status: u16, mut body: Value) -> Reply {
        let id = Id::of(self.log.requests.len() as u64).to_string();
        body["request_id"] = Value::String(id.clone());
        Reply::json(status, &body).with("x-notion-request-id", &id)
    }

    /// What is not JSON comes from somebody else and carries none.
    fn countersign(&self, reply: Reply) -> Reply {
        let Ok(body @ Value::Object(_)) = serde_json::from_slice(&reply.body) else {
            return reply;
        };
        let signed = self.sign(reply.status, body);
        let more = reply
            .headers
            .into_iter()
            .filter(|(name, _)| name != "Content-Type");
        more.fold(signed, |signed, (name, value)| signed.with(&name, &value))
    }
}
