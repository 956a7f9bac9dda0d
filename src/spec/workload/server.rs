//! `[workloads.<name>.server]`: the server of a Python application.

use super::scale::Load;
use crate::origin::Traced;
use crate::spec::decode::{Count, choices, table};
use crate::value::Duration;

/// Threads of a process: 1 to 64.
pub type Threads = Count<1, 64>;

choices! {
    /// A server of Python applications.
    pub enum ServerKind {
        /// Serves ASGI.
        Uvicorn = "uvicorn",
        /// Serves WSGI.
        Gunicorn = "gunicorn",
    }
}

table! {
    /// The server of a Python application.
    pub struct Server {
        /// Which one.
        kind: Option<Traced<ServerKind>> = "`\"uvicorn\"`",
        /// Time that an idle connection is kept open; longer than the gateway keeps it, or the gateway sends into a closed one.
        keepalive: Option<Traced<Duration>> = "that of the server",
        /// A process is replaced after so many requests, against leaks; needs two `workers` or more.
        max_requests: Option<Traced<Load>>,
        /// Requests that a process of `uvicorn` works on at the same time; further ones are refused with 503.
        concurrency: Option<Traced<Load>>,
        /// Threads of a process of `gunicorn`.
        threads: Option<Traced<Threads>> = "1",
    }
}
