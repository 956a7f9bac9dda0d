//! Amounts of memory and storage.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use super::{Invalid, Value, scan};

/// An amount of memory or storage, in bytes, from 4Mi to 999Pi.
///
/// The subset of Kubernetes quantities (`resource.Quantity`) that can be meant: whole numbers with a unit.
/// Two amounts are equal if their bytes are; the notation, binary or decimal, only decides how the amount is
/// written out.
#[derive(Clone, Copy, Debug)]
pub struct Bytes {
    bytes: u64,
    decimal: bool,
}

struct Unit {
    suffix: &'static str,
    bytes: u64,
    /// how many digits may stand before it, so that the product fits 63 bits
    digits: usize,
    decimal: bool,
}

const fn unit(suffix: &'static str, bytes: u64, digits: usize, decimal: bool) -> Unit {
    Unit { suffix, bytes, digits, decimal }
}

/// From small to large in each notation.
const UNITS: &[Unit] = &[
    unit("Ki", 1 << 10, 9, false),
    unit("Mi", 1 << 20, 9, false),
    unit("Gi", 1 << 30, 9, false),
    unit("Ti", 1 << 40, 6, false),
    unit("Pi", 1 << 50, 3, false),
    unit("k", 1000, 9, true),
    unit("M", 1_000_000, 9, true),
    unit("G", 1_000_000_000, 9, true),
    unit("T", 1_000_000_000_000, 6, true),
];

const LEAST: u64 = 4 << 20;
const MOST: u64 = 999 << 50;

impl Bytes {
    /// A computed amount, rounded up to a whole `Ki` so that it can be written with a unit, and at most 999Pi.
    /// It may be below the 4Mi of the grammar.
    pub fn from_bytes(bytes: u64) -> Self {
        Self { bytes: bytes.min(MOST).div_ceil(1024) * 1024, decimal: false }
    }

    /// The amount in bytes.
    pub fn bytes(self) -> u64 {
        self.bytes
    }
}

impl PartialEq for Bytes {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}
impl Eq for Bytes {}
impl PartialOrd for Bytes {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Bytes {
    fn cmp(&self, other: &Self) -> Ordering {
        self.bytes.cmp(&other.bytes)
    }
}
impl Hash for Bytes {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.bytes.hash(state);
    }
}

impl Value for Bytes {
    const WHAT: &'static str = "an amount of memory or storage";
    const EXAMPLES: &'static [&'static str] = &["512Mi", "2Gi", "20G"];
    const MAX_LEN: usize = 11;

    fn pattern() -> Cow<'static, str> {
        let small_binary =
            "(?:409[6-9]|4[1-9][0-9]{2}|[5-9][0-9]{3}|[1-9][0-9]{4,8})Ki|(?:[4-9]|[1-9][0-9]{1,8})Mi";
        let small_decimal =
            "(?:419[5-9]|4[2-9][0-9]{2}|[5-9][0-9]{3}|[1-9][0-9]{4,8})k|(?:[5-9]|[1-9][0-9]{1,8})M";
        format!(
            "^(?:{small_binary}|{small_decimal}|[1-9][0-9]{{0,8}}Gi?|[1-9][0-9]{{0,5}}Ti?|[1-9][0-9]{{0,2}}Pi)$"
        )
        .into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        read(text).filter(|amount| amount.bytes >= LEAST).ok_or_else(|| explain(text))
    }

    fn text(&self) -> Cow<'_, str> {
        let exact = |unit: &&Unit| {
            self.bytes > 0 && unit.decimal == self.decimal && self.bytes.is_multiple_of(unit.bytes)
        };
        match UNITS.iter().rev().find(exact) {
            Some(unit) => format!("{}{}", self.bytes / unit.bytes, unit.suffix).into(),
            None => self.bytes.to_string().into(),
        }
    }
}

fn halves(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// The amount, not yet held to the least one.
fn read(text: &str) -> Option<Bytes> {
    let (number, suffix) = halves(text);
    let unit = UNITS.iter().find(|unit| unit.suffix == suffix)?;
    let bytes = scan::whole(number, unit.digits)? * unit.bytes;
    Some(Bytes { bytes, decimal: unit.decimal })
}

fn explain(text: &str) -> Invalid {
    if text.is_empty() {
        return Invalid::of::<Bytes>(text, "something must stand here");
    }
    let refuse = |why: &str| Invalid::of::<Bytes>(text, why);
    let (number, suffix) = halves(text);
    let whole = scan::whole(number, 9);
    if read(text).is_some() {
        return refuse("it is less than 4Mi, in which no process can start")
            .with_help("write at least `4Mi`");
    }
    match (suffix, whole) {
        ("", _) if scan::whole(number, 18).is_some() => {
            return scan::propose::<Bytes>(
                refuse("the unit is missing; it would be that many bytes"),
                &meant(number),
            );
        }
        ("m", Some(count)) => {
            let why = match count {
                500..=512 => "that is half a byte".to_owned(),
                1000 => "that is one byte".to_owned(),
                _ => "`m` means thousandths, here of a byte".to_owned(),
            };
            return scan::propose::<Bytes>(refuse(&why), &format!("{count}Mi"));
        }
        ("E" | "Ei" | "P", _) => return refuse("it is too large").with_help("write at most `999Pi`"),
        _ => {}
    }
    if UNITS.iter().any(|unit| unit.suffix == suffix) {
        return match fraction(number, suffix) {
            Some(exact) => scan::propose::<Bytes>(refuse("it is not a whole number"), &exact),
            None if number.len() > 3 && scan::whole(number, 100).is_some() => refuse("it is too large")
                .with_help("write a smaller number with a larger unit, at most `999Pi`"),
            None => refuse("a whole number from 1, without sign or leading zero, must stand before the unit"),
        };
    }
    let near = match suffix.trim().to_ascii_lowercase().as_str() {
        "k" | "kb" | "ki" | "kib" => Some("Ki"),
        "mb" | "mi" | "mib" => Some("Mi"),
        "g" | "gb" | "gi" | "gib" => Some("Gi"),
        "t" | "tb" | "ti" | "tib" => Some("Ti"),
        "pi" | "pib" | "pb" => Some("Pi"),
        _ => None,
    };
    let refusal = if suffix.is_empty() {
        refuse("a number and a unit must stand here")
    } else {
        refuse(&format!("{} is not a unit", super::quoted(suffix))).with_help(
            "units are `Ki`, `Mi`, `Gi`, `Ti`, `Pi` (1024 each) and `k`, `M`, `G`, `T` (1000 each)",
        )
    };
    match near {
        Some(near) => scan::propose::<Bytes>(refusal, &format!("{number}{near}")),
        None => refusal,
    }
}

/// What a bare number probably means: its exact amount if it is one, else mebibytes.
fn meant(number: &str) -> String {
    let bytes: u64 = number.parse().unwrap_or_default();
    if bytes >= LEAST && bytes.is_multiple_of(1024) {
        Bytes { bytes, decimal: false }.text().into_owned()
    } else if bytes >= LEAST && bytes.is_multiple_of(1000) {
        Bytes { bytes, decimal: true }.text().into_owned()
    } else {
        format!("{number}Mi")
    }
}

/// `1.5` and `Gi` as `1536Mi`, if that is exact.
fn fraction(number: &str, suffix: &str) -> Option<String> {
    let unit = UNITS.iter().find(|unit| unit.suffix == suffix)?;
    let (whole, part) = number.split_once('.')?;
    let digits =
        |text: &str| !text.is_empty() && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) {
        return None;
    }
    let scale = 10_u64.checked_pow(u32::try_from(part.len()).ok()?)?;
    let count: u64 = format!("{whole}{part}").parse().ok()?;
    let scaled = count.checked_mul(unit.bytes)?;
    let bytes = scaled.is_multiple_of(scale).then_some(scaled / scale)?;
    Some(Bytes { bytes, decimal: unit.decimal }.text().into_owned())
}

#[cfg(test)]
mod tests {
    use super::super::agreement::{accepts, refuses};
    use super::*;

    #[test]
    fn amounts() {
        accepts::<Bytes>(&[
            ("512Mi", "512Mi"),
            ("1024Mi", "1Gi"),
            ("1536Mi", "1536Mi"),
            ("4096Ki", "4Mi"),
            ("2048Gi", "2Ti"),
            ("1000M", "1G"),
            ("4195k", "4195k"),
            ("20G", "20G"),
            ("999Pi", "999Pi"),
            ("999999999Gi", "999999999Gi"),
        ]);
        refuses::<Bytes>(&[
            ("512", "the unit is missing", "write `512Mi`"),
            ("536870912", "the unit is missing", "write `512Mi`"),
            ("512m", "that is half a byte", "write `512Mi`"),
            ("768m", "thousandths, here of a byte", "write `768Mi`"),
            ("3Mi", "less than 4Mi", "`4Mi`"),
            ("4095Ki", "less than 4Mi", "`4Mi`"),
            ("4194k", "less than 4Mi", "`4Mi`"),
            ("4M", "less than 4Mi", "`4Mi`"),
            ("1.5Gi", "not a whole number", "write `1536Mi`"),
            ("0.5G", "not a whole number", "write `500M`"),
            ("512MB", "`MB` is not a unit", "write `512Mi`"),
            ("2gb", "`gb` is not a unit", "write `2Gi`"),
            ("512 Mi", "is not a unit", "write `512Mi`"),
            ("1Ei", "too large", "`999Pi`"),
            ("1000Pi", "too large", "`999Pi`"),
            ("0Gi", "whole number from 1", "`512Mi`"),
            ("010Gi", "whole number from 1", "`512Mi`"),
            ("-1Gi", "is not a unit", "units are"),
            ("Gi", "whole number from 1", "`512Mi`"),
        ]);
    }

    #[test]
    fn computed_amounts() {
        assert_eq!(Bytes::from_bytes(1).to_string(), "1Ki");
        assert_eq!(Bytes::from_bytes(0).to_string(), "0");
        assert_eq!(Bytes::from_bytes(u64::MAX).to_string(), "999Pi");
        assert_eq!(Bytes::from_bytes(1 << 30), Bytes::parse("1Gi").unwrap());
        assert!(Bytes::parse("1G").unwrap() < Bytes::parse("1Gi").unwrap());
        assert_eq!(Bytes::parse("128Mi").unwrap().bytes(), 134_217_728);
    }
}
