//! The command of a workload.

use crate::origin::{Origin, SERVER, Traced};
use crate::spec::workload::{self as spec, WorkloadKind};
use crate::system::text_of;
use crate::text::Text;
use crate::value::Duration;

use super::{Port, Unset};

impl Unset<'_> {
    /// The command as written, or the server of a Python service that serves HTTP.
    pub(super) fn command(
        &self,
        table: &spec::Workload,
        kind: &Traced<WorkloadKind>,
        ports: &[Port],
        drain: &Traced<Duration>,
        image_is_runtime: bool,
    ) -> Vec<Traced<Text>> {
        let serves = *kind.get() == WorkloadKind::Http && table.command.is_empty() && table.args.is_empty();
        let (Some(runtime), Some(port), true) =
            (self.file.runtime.as_ref().filter(|_| image_is_runtime), ports.first(), serves)
        else {
            return table.command.items.clone();
        };
        let tracer = self.tracer();
        let because = [kind.origin(), Origin::spec(runtime.at)];
        let word = |word: &'static str| tracer.constant(SERVER, &because, word);
        let served = Traced::because((), tracer.because(SERVER, &because));
        let mut command = vec![
            word("uvicorn"),
            tracer.derive(SERVER, (&text_of(&runtime.app), &served), |(app, ())| app.clone()),
            word("--host"),
            word("0.0.0.0"),
            word("--port"),
            tracer.derive(SERVER, (&port.number, &served), |(n, ())| n.to_string().into()),
            word("--timeout-graceful-shutdown"),
            tracer.derive(SERVER, (drain, &served), |(d, ())| d.seconds_ceil().to_string().into()),
        ];
        if let Some(workers) = &table.workers {
            command.push(Traced::because(Text::Literal("--workers"), workers.origin()));
            command.push(workers.map(|w| Text::from(w.get().to_string())));
        }
        command
    }
}
