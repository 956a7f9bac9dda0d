//! The macros that declare tables and closed sets of words.

/// Declares a TOML table: `table! { /// doc  pub struct Name { /// doc  key: Type = "documented default", } }`.
///
/// The struct gets a field `at`, the table's own node. A documented default is text for the schema and the docs; the
/// value itself is set where the system is resolved.
macro_rules! table {
    ($($(#[doc = $doc:literal])* pub struct $Name:ident { $($(#[doc = $field_doc:literal])* $field:ident $(as $key:literal)?: $type:ty $(= $default:literal)?),* $(,)? })*) => { $(
        $(#[doc = $doc])*
        #[derive(Clone, Debug)]
        pub struct $Name {
            /// the table itself
            pub at: $crate::origin::NodeId,
            $($(#[doc = $field_doc])* pub $field: $type),*
        }
        impl $Name {
            /// The keys of the table, as they are written.
            pub const KEYS: &'static [&'static str] = &[$($crate::spec::decode::key_name!($field $(, $key)?)),*];
            /// The table at `at` with none of its keys; none if it has some that must be there.
            pub fn unset(at: $crate::origin::NodeId) -> Option<Self> {
                Some($Name { at, $($field: <$type as $crate::spec::decode::Field>::unset()?),* })
            }
        }
        impl $crate::spec::decode::Decode for $Name {
            fn decode(node: &$crate::node::Node, cx: &mut $crate::spec::decode::Decoder<'_>) -> Option<Self> {
                let clean = cx.table(node, Self::KEYS, Self::schema).is_some();
                let table = node.table()?;
                // every field is read, so that all mistakes are reported, before the first failure ends it
                $(let $field = {
                    let key = $crate::spec::decode::key_name!($field $(, $key)?);
                    <$type as $crate::spec::decode::Field>::field(table.get(key), node, key, cx)
                };)*
                let read = $Name { at: node.id, $($field: $field?),* };
                clean.then_some(read)
            }
            fn schema(defs: &mut $crate::spec::schema::Defs) -> serde_json::Value {
                defs.table(stringify!($Name), &[$($doc),*], |defs, table| {
                    $(table.field(
                        $crate::spec::decode::key_name!($field $(, $key)?),
                        <$type as $crate::spec::decode::Field>::REQUIRED,
                        &[$($field_doc),*],
                        $crate::spec::decode::default_text!($($default)?),
                        <$type as $crate::spec::decode::Field>::schema(defs),
                    );)*
                })
            }
            fn what() -> String { "a table".to_owned() }
        }
    )* };
}

/// The key of a field: the literal if one is given, else the field's name.
macro_rules! key_name {
    ($field:ident, $key:literal) => {
        $key
    };
    ($field:ident) => {
        stringify!($field)
    };
}

/// The documented default, if one is given.
macro_rules! default_text {
    () => {
        None
    };
    ($default:literal) => {
        Some($default)
    };
}

/// Declares a closed set of words: `choice! { /// doc  pub enum Tier { /// doc  Dev = "dev" } }`.
macro_rules! choices {
    ($($(#[doc = $doc:literal])* pub enum $Name:ident { $($(#[doc = $variant_doc:literal])* $Variant:ident = $word:literal),* $(,)? })*) => { $(
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $Name { $($(#[doc = $variant_doc])* $Variant),* }
        impl $crate::spec::decode::Choice for $Name {
            const WORDS: &'static [(&'static str, &'static str)] = &[$(($word, concat!($($variant_doc),*))),*];
            fn from_word(word: &str) -> Option<Self> { match word { $($word => Some($Name::$Variant),)* _ => None } }
            fn word(self) -> &'static str { match self { $($Name::$Variant => $word),* } }
        }
        impl $crate::spec::decode::Scalar for $Name {
            fn scalar(node: &$crate::node::Node, cx: &mut $crate::spec::decode::Decoder<'_>) -> Option<Self> {
                $crate::spec::decode::choice(node, cx)
            }
            fn schema(_: &mut $crate::spec::schema::Defs) -> serde_json::Value {
                $crate::spec::schema::of_choice::<$Name>(&[$($doc),*])
            }
            fn what() -> String {
                let words: Vec<&'static str> = <$Name as $crate::spec::decode::Choice>::WORDS.iter().map(|(word, _)| *word).collect();
                format!("one of {}", $crate::spec::decode::listed(&words))
            }
        }
    )* };
}

pub(crate) use {choices, default_text, key_name, table};
