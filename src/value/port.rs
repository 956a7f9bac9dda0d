//! Port numbers.

use std::fmt;

use super::Invalid;

/// A TCP or UDP port, 1 to 65535 (RFC 6335, 6). Whether a container may listen on it is judged later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Port(u16);

impl Port {
    /// The port with this number.
    ///
    /// # Errors
    /// The number is not between 1 and 65535.
    pub fn new(number: i64) -> Result<Self, Invalid> {
        match u16::try_from(number) {
            Ok(number @ 1..) => Ok(Self(number)),
            _ => Err(Invalid::doubt(
                format!("`{number}` is not a port"),
                "write a number between 1 and 65535, for example `8080`",
            )),
        }
    }

    /// The number.
    pub fn get(self) -> u16 {
        self.0
    }
}

impl fmt::Display for Port {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::Port;

    #[test]
    fn numbers() {
        assert_eq!(Port::new(1).unwrap().get(), 1);
        assert_eq!(Port::new(65535).unwrap().to_string(), "65535");
        for wrong in [0, -1, 65536, i64::MAX] {
            assert_eq!(Port::new(wrong).unwrap_err().what, format!("`{wrong}` is not a port"));
        }
    }
}
