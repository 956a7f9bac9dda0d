//! A store for passwords that no password is kept in.

use super::{Check, Context, Found};

pub(super) const CHECK: Check = check!("secret-backup-unused", Warn, One(run));

fn run(cx: &Context<'_>, found: &mut Found) {
    let Some(store) = &cx.system.environment.platform.secret_backup_store else { return };
    let mut databases = cx.system.services.iter().flat_map(|service| &service.databases);
    if databases.any(|database| database.kept.is_some()) {
        return;
    }
    found.push(
        cx.find(&CHECK, format!("`{}` names a store for passwords, and keeps none in it", cx.environment()))
            .at(store.origin(), "nothing is put here")
            .note("passwords are kept of databases with backups: in prod unless `backup.secrets` is false, elsewhere where it is true")
            .help("write `secrets = true` below `[databases.<name>.backup]`, or delete the line"),
    );
}
