//! Passwords that are kept in the store which all other secrets come from.

use super::{Check, Context, Found};

pub(super) const CHECK: Check = check!("secret-backup-in-same-store", Deny, One(run));

fn run(cx: &Context<'_>, found: &mut Found) {
    let platform = &cx.system.environment.platform;
    let (Some(kept), Some(store)) = (&platform.secret_backup_store, &platform.secret_store) else { return };
    if kept.get() != store.get() {
        return;
    }
    found.push(
        cx.find(&CHECK, format!("`{}` keeps passwords in `{}`, where its secrets come from", cx.environment(), kept.get()))
            .at(kept.origin(), "the same store")
            .also(store.origin(), "secrets come from here")
            .note("one mistake or one lost key takes both, and the account that reads secrets would have to write there")
            .help("name another ClusterSecretStore, in another place and with an account that may write below its own folder alone"),
    );
}
