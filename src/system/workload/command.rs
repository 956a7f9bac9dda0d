//! The command of a workload.

use crate::origin::{Origin, SERVER, Traced};
use crate::spec::decode::List;
use crate::spec::env::Format;
use crate::spec::service::Runtime;
use crate::spec::workload::{self as spec, ServerKind, WorkloadKind};
use crate::system::{VariableValue, text_of};
use crate::text::Text;
use crate::value::Duration;

use super::{Port, Unset};

/// A word that a container is started with.
#[derive(Clone, Debug)]
pub struct Word {
    /// what it is
    pub value: VariableValue,
    /// what it is composed of, if it is
    pub format: Option<Traced<Format>>,
}

impl Word {
    fn plain(text: Traced<Text>) -> Self {
        Word { value: VariableValue::Plain(text), format: None }
    }

    /// Its text, with `$(NAME)` where it is composed; none while a reference of it leads nowhere.
    pub fn text(&self) -> Option<&Traced<Text>> {
        self.value.text()
    }
}

/// The words as written; those that are composed get their text with the variables.
pub(super) fn words(written: &List<spec::Word>) -> Vec<Word> {
    let word = |word: &Traced<spec::Word>| match word.get() {
        spec::Word::Plain(text) => Word::plain(Traced::because(text.clone(), word.origin())),
        spec::Word::Format(format) => Word {
            value: VariableValue::Plain(Traced::because(Text::Literal(""), format.origin())),
            format: Some(format.clone()),
        },
    };
    written.iter().map(word).collect()
}

impl Unset<'_> {
    /// The command as written, or the server of a Python service that serves HTTP.
    pub(super) fn command(
        &self,
        table: &spec::Workload,
        kind: &Traced<WorkloadKind>,
        ports: &[Port],
        drain: &Traced<Duration>,
        image_is_runtime: bool,
    ) -> Vec<Word> {
        let serves = *kind.get() == WorkloadKind::Http && table.command.is_empty() && table.args.is_empty();
        let (Some(runtime), Some(port), true) =
            (self.file.runtime.as_ref().filter(|_| image_is_runtime), ports.first(), serves)
        else {
            return words(&table.command);
        };
        let served = Served { unset: self, table, kind, runtime };
        let command = match table.server.as_ref().and_then(|server| server.kind) {
            Some(server) if *server.get() == ServerKind::Gunicorn => served.gunicorn(port, drain),
            _ => served.uvicorn(port, drain),
        };
        command.into_iter().map(Word::plain).collect()
    }
}

/// A Python application and what it is served with.
struct Served<'a> {
    unset: &'a Unset<'a>,
    table: &'a spec::Workload,
    kind: &'a Traced<WorkloadKind>,
    runtime: &'a Runtime,
}

impl Served<'_> {
    fn because(&self) -> Vec<Origin> {
        let server = self.table.server.as_ref().and_then(|server| server.kind);
        let mut all = vec![self.kind.origin(), Origin::spec(self.runtime.at)];
        all.extend(server.map(|server| server.origin()));
        all
    }

    fn word(&self, word: &'static str) -> Traced<Text> {
        self.unset.tracer().constant(SERVER, &self.because(), word)
    }

    fn app(&self) -> Traced<Text> {
        let served = Traced::because((), self.unset.tracer().because(SERVER, &self.because()));
        self.unset.tracer().derive(SERVER, (&text_of(&self.runtime.app), &served), |(app, ())| app.clone())
    }

    fn number<T: std::fmt::Display>(&self, number: &Traced<T>) -> Traced<Text> {
        let served = Traced::because((), self.unset.tracer().because(SERVER, &self.because()));
        self.unset.tracer().derive(SERVER, (number, &served), |(n, ())| n.to_string().into())
    }

    fn seconds(&self, time: &Traced<Duration>) -> Traced<Text> {
        self.number(&time.map(|time| time.seconds_ceil()))
    }

    /// Source: uvicorn 0.38, "Settings".
    fn uvicorn(&self, port: &Port, drain: &Traced<Duration>) -> Vec<Traced<Text>> {
        let server = self.table.server.as_ref();
        let mut command = vec![
            self.word("uvicorn"),
            self.app(),
            self.word("--host"),
            self.word("0.0.0.0"),
            self.word("--port"),
            self.number(&port.number),
            self.word("--timeout-graceful-shutdown"),
            self.seconds(drain),
        ];
        command.extend(flag("--workers", self.workers()));
        let keepalive = server.and_then(|s| s.keepalive.as_ref()).map(|time| self.seconds(time));
        command.extend(flag("--timeout-keep-alive", keepalive));
        let requests =
            server.and_then(|s| s.max_requests).map(|n| n.map(|n| Text::from(n.get().to_string())));
        command.extend(flag("--limit-max-requests", requests));
        let most = server.and_then(|s| s.concurrency).map(|n| n.map(|n| Text::from(n.get().to_string())));
        command.extend(flag("--limit-concurrency", most));
        command
    }

    fn workers(&self) -> Option<Traced<Text>> {
        self.table.workers.as_ref().map(|workers| workers.map(|w| Text::from(w.get().to_string())))
    }

    /// A tenth of the requests is left to chance, so that the processes do not all go at once; they tell that they live in `/tmp`,
    /// which is always there.
    ///
    /// Source: Gunicorn 23, "Settings".
    fn gunicorn(&self, port: &Port, drain: &Traced<Duration>) -> Vec<Traced<Text>> {
        let server = self.table.server.as_ref();
        let served = Traced::because((), self.unset.tracer().because(SERVER, &self.because()));
        let bind = (&port.number, &served);
        let mut command = vec![
            self.word("gunicorn"),
            self.app(),
            self.word("--bind"),
            self.unset.tracer().derive(SERVER, bind, |(port, ())| format!("0.0.0.0:{port}").into()),
            self.word("--graceful-timeout"),
            self.seconds(drain),
            self.word("--worker-tmp-dir"),
            self.word(super::TMP),
        ];
        command.extend(flag("--workers", self.workers()));
        let threads = server.and_then(|s| s.threads).map(|n| n.map(|n| Text::from(n.get().to_string())));
        command.extend(flag("--threads", threads));
        let keepalive = server.and_then(|s| s.keepalive.as_ref()).map(|time| self.seconds(time));
        command.extend(flag("--keep-alive", keepalive));
        if let Some(requests) = server.and_then(|s| s.max_requests) {
            let all = requests.map(|n| Text::from(n.get().to_string()));
            let tenth = requests.map(|n| Text::from((n.get() / 10).to_string()));
            command.extend(flag("--max-requests", Some(all)));
            command.extend(flag("--max-requests-jitter", Some(tenth)));
        }
        command
    }
}

/// A flag with its value, where the value is written.
fn flag(flag: &'static str, value: Option<Traced<Text>>) -> Vec<Traced<Text>> {
    value.map_or_else(Vec::new, |value| vec![Traced::because(Text::Literal(flag), value.origin()), value])
}
