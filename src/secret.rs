//! What a secret looks like: in a setting, a file, a line of source. Vocabulary; no message of it shows a value.

use crate::value::Url;

/// What ends the name of a setting that holds a secret, in parts between `_`, `-`, `.`.
const NAMES: &[&str] =
    &["password", "passwd", "passphrase", "pwd", "secret", "token", "apikey", "credential", "credentials"];

/// What makes a secret of a name that ends in `key`, as the part before it.
const KEYS: &[&str] = &["api", "access", "secret", "private", "signing", "encryption", "auth"];

/// What tokens of well-known issuers begin with, and how long they are at least: never less than [`TOKEN_LEN`].
const PREFIXES: &[(&str, usize)] = &[
    ("AGE-SECRET-KEY-1", 40),
    ("AIza", 39),
    ("AKIA", 20),
    ("ASIA", 20),
    ("SG.", 40),
    ("dop_v1_", 40),
    ("ghp_", 30),
    ("gho_", 30),
    ("ghs_", 30),
    ("ghu_", 30),
    ("github_pat_", 40),
    ("glpat-", 20),
    ("hvs.", 24),
    ("npm_", 36),
    ("pypi-AgE", 40),
    ("rk_live_", 20),
    ("sk-ant-", 30),
    ("sk-proj-", 30),
    ("sk_live_", 20),
    ("whsec_", 24),
    ("xapp-", 24),
    ("xoxb-", 24),
    ("xoxp-", 24),
];

/// No token is shorter, and few words of any text are as long.
const TOKEN_LEN: usize = 20;

/// Shorter texts are too common to judge by their characters.
const RANDOM_LEN: usize = 32;
/// Bits a character from which on a mixed text is taken for random: words of a language have about 4 in this alphabet.
const RANDOM_BITS: f64 = 4.3;

/// Why a setting looks like a secret, if it does.
pub fn of_setting(name: &str, value: &str) -> Option<&'static str> {
    if is_secret_name(name) && is_literal(value) {
        return Some("its name says so");
    }
    of_text(value).or_else(|| is_random(value).then_some("it is long and random"))
}

/// Why the content of a file looks like one that holds a secret, if it does.
pub fn of_file(text: &str) -> Option<&'static str> {
    of_text(text).or_else(|| {
        let is_setting = |line: &str| {
            let sign = line.bytes().position(|byte| matches!(byte, b'=' | b':'));
            let Some((name, value)) = sign.and_then(|at| line.split_at_checked(at)) else { return false };
            let name = name.trim().trim_matches(['"', '\'']);
            let value = value.get(1..).unwrap_or_default().trim().trim_matches(['"', '\'', ',', ';']);
            is_secret_name(name) && !name.contains(' ') && is_literal(value)
        };
        text.lines().any(is_setting).then_some("the name of one of its settings says so")
    })
}

/// Why any text looks like one that holds a secret, if it does.
pub fn of_text(text: &str) -> Option<&'static str> {
    // one character is found much faster than several
    let may_hold = |needle: &str, character: char| text.contains(character) && text.contains(needle);
    if may_hold("-----BEGIN ", '-') && text.split("-----BEGIN ").skip(1).any(is_private_key) {
        return Some("it is a private key");
    }
    if may_hold("://", ':') && text.split("://").skip(1).any(has_password) {
        return Some("an address with a password");
    }
    let mut words = text.split(is_between_words).filter(|word| word.len() >= TOKEN_LEN);
    (text.len() >= TOKEN_LEN && words.any(is_token))
        .then_some("it begins like a token of a well-known issuer")
}

fn is_private_key(rest: &str) -> bool {
    rest.split("-----").next().is_some_and(|label| label.ends_with("PRIVATE KEY"))
}

fn is_between_words(c: char) -> bool {
    let marks =
        matches!(c, '"' | '\'' | '`' | '=' | ',' | ';' | ':' | '(' | ')' | '<' | '>' | '[' | ']' | '{' | '}');
    marks || c.is_whitespace()
}

fn is_token(word: &str) -> bool {
    let known = |(prefix, least): &(&str, usize)| {
        let rest = word.strip_prefix(prefix).filter(|_| word.len() >= *least);
        rest.is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)))
    };
    PREFIXES.iter().any(known) || is_web_token(word)
}

/// A signed web token (RFC 7519): three parts in base64, the first a JSON object.
fn is_web_token(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    let is_base64 = |part: &&str| {
        part.len() >= 10 && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
    };
    word.starts_with("eyJ") && parts.len() == 3 && parts.iter().all(is_base64)
}

/// Whether what follows `://` has a user with a password that is written out.
fn has_password(rest: &str) -> bool {
    let authority = rest.split(|c: char| "/?#\"' \n".contains(c)).next().unwrap_or_default();
    let userinfo = authority.rsplit_once('@').map(|(userinfo, _)| userinfo);
    userinfo.and_then(|userinfo| userinfo.split_once(':')).is_some_and(|(_, password)| is_literal(password))
}

/// Whether a line of source may hold a secret, so that it is better not shown: errs on that side.
pub(crate) fn in_line(line: &str) -> bool {
    let value = line.split_once('=').map_or(line, |(_, value)| value);
    let words = |text: &'static str| move |c: char| c.is_whitespace() || text.contains(c);
    let option = |word: &str| word.starts_with('-') && is_secret_name(word.trim_start_matches('-'));
    let name = |before: &'_ str| {
        before.split(words(".\"'{,")).rfind(|word| !word.is_empty()).is_some_and(is_secret_name)
    };
    let is_switch = |behind: &str| {
        let word = behind.trim_start().split(|c: char| !c.is_ascii_alphanumeric()).next();
        matches!(word, Some("true" | "false"))
    };
    let parts: Vec<&str> = line.split('=').collect();
    let mut settings = parts.iter().zip(parts.iter().skip(1));
    settings.any(|(before, behind)| name(before) && !is_switch(behind))
        || of_file(line).is_some()
        || line.split(words("\"'[],=")).any(|word| option(word) || is_random(word))
        || of_setting("", value.trim().trim_matches(['"', '\''])).is_some()
}

/// Whether the name says that its value is a secret.
pub(crate) fn is_secret_name(name: &str) -> bool {
    let (before, last) = last_part(name);
    let is = |word: &&str| last.eq_ignore_ascii_case(word);
    let makes_secret = |part: &str| KEYS.iter().any(|key| part.eq_ignore_ascii_case(key));
    NAMES.iter().any(is) || (is(&"key") && makes_secret(last_part(before).1))
}

/// What stands before and behind the last of the marks between the parts of a name.
fn last_part(name: &str) -> (&str, &str) {
    let mark = name.bytes().rposition(|byte| matches!(byte, b'_' | b'-' | b'.'));
    let cut = mark.and_then(|at| Some((name.get(..at)?, name.get(at + 1..)?)));
    cut.unwrap_or(("", name))
}

/// Whether the value could be a secret that was written out: no switch, no path, no address, no placeholder.
fn is_literal(value: &str) -> bool {
    let is_switch = ["", "true", "false", "none", "null", "yes", "no", "on", "off"]
        .contains(&value.to_ascii_lowercase().as_str());
    let is_placeholder = value.starts_with(['$', '{', '<', '*']) || value.starts_with("%(");
    let is_place = value.starts_with('/') || Url::find(value).is_some();
    !(is_switch || is_placeholder || is_place)
}

/// One word of letters, digits and the signs of base64, with all three classes, and no pattern in it.
fn is_random(text: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"+/=_-".contains(&b);
    let has = |class: fn(&u8) -> bool| text.as_bytes().iter().any(class);
    text.len() >= RANDOM_LEN
        && text.bytes().all(allowed)
        && text.matches('/').count() <= text.len() / 20
        && text.matches(['-', '_']).count() <= text.len() / 12
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_digit)
        && bits_per_character(text) >= RANDOM_BITS
}

/// Shannon's entropy of the characters.
fn bits_per_character(text: &str) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in text.bytes() {
        if let Some(count) = counts.get_mut(usize::from(byte)) {
            *count += 1;
        }
    }
    let total: f64 = counts.iter().map(|count| f64::from(*count)).sum();
    let bits = |count: &u32| {
        let share = f64::from(*count) / total;
        -share * share.log2()
    };
    counts.iter().filter(|count| **count > 0).map(bits).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_seen() {
        for (name, value) in [
            ("DB_PASSWORD", "hunter2"),
            ("api-key", "4711"),
            ("stripe.secret_key", "x"),
            ("SEED", "q7Zk2LrT9vXb4WmN8sYc1HdJ6fGp3AeR"),
            ("URL", "postgres://shop:hunter2@db/shop"),
            ("GIT", concat!("ghp_", "0123456789abcdefghijABCDEFGHIJ012345")),
            ("KEY", "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\n"),
            ("JWT", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P"),
        ] {
            assert!(of_setting(name, value).is_some(), "{name}");
        }
        assert!(of_file("[db]\nuser = \"shop\"\npassword = \"hunter2\"\n").is_some());
        assert!(of_file("{\n  \"apiKey\": 1,\n  \"token\": \"abc\",\n}\n").is_some());
    }

    #[test]
    fn lines_with_secrets_are_seen() {
        for line in [
            "DB_PASSWORD = \"hunter2\"",
            "DB_PASSWORD = { value = \"hunter2\" }",
            "DB_PASSWORD = \"hunter2",
            "env.\"api-key\" = 4711",
            "env = { TOKEN = \"x\" }",
            "env = { TOKEN = \"true\", PASSWORD = \"x\" }",
            "env = { TOKEN = trueish }",
            "args = [\"--password\", \"hunter2\"",
            "args = [\"--token=hunter2\"]",
            "url = \"https://shop:hunter2@db.example.com\"",
            "SEED = \"q7Zk2LrT9vXb4WmN8sYc1HdJ6fGp3AeR\"",
            "command = [\"q7Zk2LrT9vXb4WmN8sYc1HdJ6fGp3AeR\"]",
        ] {
            assert!(in_line(line), "{line}");
        }
        for line in [
            "port = 8000",
            "cors = { credentials = true, origins = [\"https://a.example.com\"] }",
            "secrets = [\"api_key\", \"webhook_key\"]",
            "secret_store = \"vault\"",
            "uses = [\"secrets.token\"]",
            "digest = \"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"",
            "DATABASE_URL = { format = \"postgresql://{databases.main.username}:{databases.main.password}@x\" }",
        ] {
            assert!(!in_line(line), "{line}");
        }
    }

    #[test]
    fn no_token_is_too_short_to_be_looked_at() {
        assert!(PREFIXES.iter().all(|(_, least)| *least >= TOKEN_LEN));
    }

    #[test]
    fn other_texts_are_not() {
        for (name, value) in [
            ("TOKEN_TTL", "3600"),
            ("DB_PASSWORD_FILE", "secret.txt"),
            ("PASSWORD", "/run/secrets/app/password"),
            ("TOKEN", "https://login.example.com/token"),
            ("PASSWORD", ""),
            ("USE_TOKEN", "true"),
            ("SECRET", "${SECRET}"),
            ("URL", "postgres://{}:{}@db/shop"),
            ("URL", "postgres://shop@db/shop"),
            ("DIGEST", "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("COMMIT", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
            ("CERT", "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----\n"),
            ("TEXT", "The-Quick-Brown-Fox-Jumps-Over-13-Lazy-Dogs"),
            ("MODULE", "com/example/shop/OrderServiceImplementationV2Factory"),
            ("ID", "123e4567-e89b-12d3-a456-426614174000"),
        ] {
            assert_eq!(of_setting(name, value), None, "{name} = {value}");
        }
        assert_eq!(of_file("# the password: ask the team\nuser = \"shop\"\npassword = \"\"\n"), None);
        assert_eq!(of_file("token_url = \"https://login.example.com\"\npasswords = [\n]\n"), None);
    }
}
