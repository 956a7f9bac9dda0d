//! Pieces that several grammars share, each as a scanner and as a regular expression.

use super::{Invalid, Value, quoted};

/// A DNS label of any length: lower-case letters, digits, inner hyphens (RFC 1123, 2.1).
pub(super) const LABEL: &str = "[a-z0-9]+(?:-+[a-z0-9]+)*";
/// The same with the limit of 63 characters (RFC 1035, 2.3.4).
pub(super) const LABEL_63: &str = "[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?";
/// A label of at most 63 characters that begins with a letter, as a last label must: else `10.0.0.1` were a name.
pub(super) const LAST_LABEL: &str = "[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?";
/// A number of an IPv4 address.
pub(super) const OCTET: &str = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
/// A port number, 1 to 65535.
pub(super) const PORT: &str =
    "(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";

/// The characters of an HTTP path segment (RFC 3986 `pchar`) but `.` and `%`, as a class body.
const PATH_CHARACTERS: &str = "-A-Za-z0-9_~!$&'()*+,;=:@";
/// An escaped octet, but `%2e` and `%2f`, which a proxy may read as `.` and `/`.
const ESCAPED: &str = "%(?:[013-9A-Fa-f][0-9A-Fa-f]|2[0-9A-Da-d])";

/// A segment of an HTTP path that is not `.` and not `..`.
pub(super) fn segment_pattern() -> String {
    let plain = format!("(?:[{PATH_CHARACTERS}]|{ESCAPED})");
    let any = format!("(?:[{PATH_CHARACTERS}.]|{ESCAPED})");
    format!(r"(?:{plain}{any}*|\.{plain}{any}*|\.\.{any}+)")
}

/// A DNS name or an IPv4 address.
pub(super) fn net_host_pattern() -> String {
    format!(r"(?:(?:{LABEL_63}\.)*{LAST_LABEL}|{OCTET}(?:\.{OCTET}){{3}})")
}

/// Refuses what is empty or longer than the type allows.
pub(super) fn bounded<V: Value>(text: &str) -> Result<(), Invalid> {
    if text.is_empty() {
        return Err(Invalid::of::<V>(text, "something must stand here"));
    }
    let length = text.chars().count();
    if length > V::MAX_LEN {
        let why = format!("it has {length} characters, at most {} are allowed", V::MAX_LEN);
        return Err(Invalid::of::<V>(text, why).with_help("shorten it"));
    }
    Ok(())
}

/// A whole number of at most `digits` digits, without sign or leading zero, from 1.
pub(super) fn whole(text: &str, digits: usize) -> Option<u64> {
    let plain =
        text.len() <= digits && text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    if plain { text.parse().ok() } else { None }
}

/// A port number, 1 to 65535, without leading zero.
pub(super) fn port(text: &str) -> Option<u16> {
    whole(text, 5).and_then(|number| u16::try_from(number).ok())
}

/// The first character that may not stand in a text, told to a person.
pub(super) fn stranger(text: &str, allowed: impl Fn(char) -> bool, rule: &str) -> Option<String> {
    let found = text.chars().find(|character| !allowed(*character))?;
    Some(match found {
        ' ' => format!("a space may not stand in it, only {rule}"),
        other => format!("{} may not stand in it, only {rule}", quoted(&other.to_string())),
    })
}

/// What keeps a text from being a DNS label of at most `longest` characters.
pub(super) fn label_problem(label: &str, longest: usize) -> Option<String> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if label.is_empty() {
        return Some("a part of it is empty".to_owned());
    }
    if let Some(problem) = stranger(label, allowed, "lower-case letters, digits and `-`") {
        return Some(problem);
    }
    if label.starts_with('-') || label.ends_with('-') {
        return Some("it may not begin or end with `-`".to_owned());
    }
    (label.len() > longest)
        .then(|| format!("{} has {} characters, at most {longest} are allowed", quoted(label), label.len()))
}

/// What keeps a text from being a DNS name (labels with dots between) or, if `last_letter`, one whose last
/// label begins with a letter.
pub(super) fn dns_problem(text: &str, longest_label: usize, last_letter: bool) -> Option<String> {
    if text.ends_with('.') {
        return Some("it ends with a dot".to_owned());
    }
    if let Some(problem) = text.split('.').find_map(|label| label_problem(label, longest_label)) {
        return Some(problem);
    }
    let last = text.rsplit('.').next().unwrap_or(text);
    (last_letter && last.starts_with(|c: char| c.is_ascii_digit()))
        .then(|| format!("its last part {} does not begin with a letter", quoted(last)))
}

/// What keeps a text from being the host of an address: a DNS name or an IPv4 address.
pub(super) fn net_host_problem(text: &str) -> Option<String> {
    if text.parse::<std::net::Ipv4Addr>().is_ok() {
        return None;
    }
    if text.starts_with('[') {
        return Some("IPv6 addresses are not supported, a name is".to_owned());
    }
    if text.is_empty() {
        return Some("the host is missing".to_owned());
    }
    dns_problem(text, 63, true).map(|problem| format!("its host {} is wrong: {problem}", quoted(text)))
}

/// Host and port of the address `text`, whose authority is `authority`; `user` says what to write in place of a user in it.
pub(super) fn authority<'t, V: Value>(
    text: &str,
    authority: &'t str,
    user: &str,
) -> Result<(&'t str, Option<u16>), Invalid> {
    let refuse = |why: String| Invalid::of::<V>(text, why);
    if authority.contains('@') {
        return Err(refuse("it names a user".to_owned()).with_help(user));
    }
    let (host, port) = match authority.split_once(':') {
        Some((host, written)) if !authority.starts_with('[') => {
            let number = port(written);
            if number.is_none() {
                return Err(refuse(format!("{} is not a port, a number from 1 to 65535", quoted(written))));
            }
            (host, number)
        }
        _ => (authority, None),
    };
    let Some(problem) = net_host_problem(host) else { return Ok((host, port)) };
    let fixed = text.replacen(host, host.to_ascii_lowercase().trim_end_matches('.'), 1);
    Err(if fixed == text { refuse(problem) } else { propose::<V>(refuse(problem), &fixed) })
}

/// What keeps a text from being a segment of an HTTP path.
pub(super) fn segment_problem(segment: &str) -> Option<String> {
    match segment {
        "" => return Some("`//` may not stand in it".to_owned()),
        "." | ".." => return Some(format!("`{segment}` may not be a part of it")),
        _ => {}
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@%".contains(c);
    let rule = "letters, digits, `-._~!$&'()*+,;=:@` and octets such as `%20`";
    if let Some(problem) = stranger(segment, allowed, rule) {
        return Some(problem);
    }
    segment.split('%').skip(1).find_map(|tail| {
        let octet = tail.get(..2).filter(|octet| octet.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match octet {
            None => Some("`%` must be followed by two hexadecimal digits".to_owned()),
            Some(octet) => matches!(octet.to_ascii_lowercase().as_str(), "2e" | "2f")
                .then(|| format!("`%{octet}` may not stand in it: some servers read it as `.` or `/`")),
        }
    })
}

/// A text turned into the nearest DNS label, to propose it.
pub(super) fn as_label(text: &str) -> String {
    let fold = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let folded: String = text.chars().map(fold).collect();
    folded.trim_matches('-').to_owned()
}

/// Adds "write X" if the proposal is a value of the type. Since parsing may propose in turn, a proposal must
/// be another text than the refused one.
pub(super) fn propose<V: Value>(refusal: Invalid, proposal: &str) -> Invalid {
    if V::parse(proposal).is_ok() { refusal.with_help(format!("write `{proposal}`")) } else { refusal }
}
