//! The kinds without a `spec` of their own: ConfigMap, ServiceAccount, Namespace (core/v1) are declared in `kinds`;
//! here is the shape of a ConfigMap's content.

use std::collections::BTreeMap;

use crate::origin::Traced;
use crate::text::Text;

/// Files of a ConfigMap: name to content. Names are `[-._a-zA-Z0-9]+`; text, or base64 in `binaryData`.
pub type Files = BTreeMap<Text, Traced<Text>>;
