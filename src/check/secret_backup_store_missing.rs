//! Passwords that shall be kept, in an environment that has no place for them.

use super::context::noun;
use super::{Check, Context, Found};

pub(super) const CHECK: Check = check!("secret-backup-store-missing", Error, One(run));

fn run(cx: &Context<'_>, found: &mut Found) {
    let platform = &cx.system.environment.platform;
    if platform.secret_backup_store.is_some() {
        return;
    }
    for service in &cx.system.services {
        for database in &service.databases {
            let name = database.name.get();
            let table = service.file.databases.get(name).and_then(|entry| entry.value.backup.as_ref());
            let Some(asked) = table.and_then(|backup| backup.secrets).filter(|secrets| *secrets.get()) else {
                continue;
            };
            let path = noun(service, "databases", name);
            found.push(
                cx.find(&CHECK, format!("the passwords of `{path}` shall be kept, and `{}` names no store for them", cx.environment()))
                    .at(asked.origin(), "kept where?")
                    .also_key(platform.origin, "no `secret_backup_store` here")
                    .note("a PushSecret without a store is refused")
                    .help(format!(
                        "write `secret_backup_store = \"<ClusterSecretStore>\"` below `[platform]` in `{}`, other than `secret_store`",
                        cx.environment_file()
                    ))
                    .help(format!("or, if they are not needed here, {}", cx.remove(service, &format!("databases.{name}.backup.secrets")))),
            );
        }
    }
}
