//! The settings of a PostgreSQL server: what follows from its memory and its volume, and what the spec says instead.
//!
//! Sources: PostgreSQL docs, chapters 19.3 "Connections", 19.4 "Resource Consumption", 19.5 "Write Ahead Log", 19.11
//! "Client Connection Defaults".

use std::collections::BTreeMap;

use crate::origin::{
    DATABASE_ARCHIVE_TIMEOUT, DATABASE_BUFFERS, DATABASE_CACHE_SIZE, DATABASE_CONNECTIONS, DATABASE_GUARDS,
    DATABASE_MAINTENANCE, DATABASE_WAL_SIZE, DATABASE_WORK_MEM, Origin, Traced, Tracer, rule,
};
use crate::spec::decode::Map;
use crate::text::Text;
use crate::value::{Bytes, Duration, ParameterName};

const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;

/// What the settings follow from.
pub(super) struct Server<'a> {
    pub(super) memory: &'a Traced<Bytes>,
    /// the volume that holds the write-ahead log
    pub(super) log_volume: &'a Traced<Bytes>,
    /// why it is that one
    pub(super) log_because: Origin,
    pub(super) rpo: Option<&'a Traced<Duration>>,
    /// why there are backups, if there are any
    pub(super) backup: Option<Origin>,
}

/// The settings by name, and the connections that the server takes.
pub(super) fn of(
    written: &Map<ParameterName, Traced<Text>>,
    server: &Server<'_>,
    tracer: &Tracer,
) -> (BTreeMap<Text, Traced<Text>>, Traced<u32>) {
    let memory = server.memory;
    let asked = written.iter().find(|(name, _)| name.as_str() == "max_connections").map(|(_, e)| &e.value);
    let asked = asked.and_then(|text| Some(Traced::because(text.get().parse().ok()?, text.origin())));
    let connections = asked.unwrap_or_else(|| {
        tracer.derive(DATABASE_CONNECTIONS, (memory,), |(m,)| {
            u32::try_from(m.bytes() / (8 * MIB)).unwrap_or(u32::MAX).clamp(50, 500)
        })
    });
    let log_because = Traced::because((), server.log_because);
    let mut all = BTreeMap::<Text, Traced<Text>>::from([
        ("max_connections".into(), connections.map(|n| n.to_string().into())),
        ("shared_buffers".into(), tracer.derive(DATABASE_BUFFERS, (memory,), |(m,)| size(m.bytes() / 4))),
        (
            "effective_cache_size".into(),
            tracer.derive(DATABASE_CACHE_SIZE, (memory,), |(m,)| size(m.bytes() / 4 * 3)),
        ),
        (
            "work_mem".into(),
            tracer.derive(DATABASE_WORK_MEM, (memory, &connections), |(m, n)| {
                size((m.bytes() / 4 / u64::from((*n).max(1))).max(MIB))
            }),
        ),
        (
            "maintenance_work_mem".into(),
            tracer.derive(DATABASE_MAINTENANCE, (memory,), |(m,)| size((m.bytes() / 16).clamp(MIB, GIB))),
        ),
        (
            "max_wal_size".into(),
            tracer.derive(DATABASE_WAL_SIZE, (server.log_volume, &log_because), |(volume, ())| {
                size((volume.bytes() / 4).min(8 * GIB))
            }),
        ),
        ("idle_in_transaction_session_timeout".into(), rule(DATABASE_GUARDS, "60s")),
        ("log_min_duration_statement".into(), rule(DATABASE_GUARDS, "1s")),
    ]);
    if let (Some(rpo), Some(backup)) = (server.rpo, server.backup) {
        let backup = Traced::because((), backup);
        let timeout = tracer.derive(DATABASE_ARCHIVE_TIMEOUT, (rpo, &backup), |(rpo, ())| {
            Text::from(format!("{}s", rpo.seconds_ceil().saturating_sub(60).max(60)))
        });
        all.insert("archive_timeout".into(), timeout);
    }
    all.extend(written.iter().map(|(name, entry)| (name.clone(), entry.value.clone())));
    (all, connections)
}

/// As PostgreSQL writes sizes: units of 1024, no fractions.
fn size(bytes: u64) -> Text {
    if bytes >= GIB && bytes.is_multiple_of(GIB) {
        format!("{}GB", bytes / GIB).into()
    } else {
        format!("{}MB", bytes / MIB).into()
    }
}

/// The bytes of a size as PostgreSQL takes it: a number with `kB`, `MB`, `GB`, `TB` or `B`; a bare number counts `unit`.
pub fn bytes_of(text: &str, unit: u64) -> Option<u64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor = match text.get(digits.len()..)?.trim() {
        "" => unit,
        "B" => 1,
        "kB" => 1 << 10,
        "MB" => MIB,
        "GB" => GIB,
        "TB" => 1 << 40,
        _ => return None,
    };
    digits.trim().parse::<u64>().ok()?.checked_mul(factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_back() {
        for bytes in [MIB, 3 * MIB, GIB, 5 * GIB, 1280 * MIB] {
            assert_eq!(bytes_of(&size(bytes), 1), Some(bytes));
        }
        assert_eq!(bytes_of("128", 8192), Some(1 << 20));
        assert_eq!(bytes_of("64 kB", 1), Some(65536));
        assert_eq!(bytes_of("2 cups", 1), None);
    }
}
