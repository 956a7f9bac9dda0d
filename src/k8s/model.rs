//! The macros that declare output objects: a readable list of fields becomes a type, its traversal and its text.
//!
//! `object!` makes a map with fields in emission order; `kinds!` all whole Kubernetes objects; `closed!` an enum with a
//! fixed set of words; `one_of!` a union whose variant decides the key; `tagged!` a union told by its `type`. Field names
//! are written in Rust's case and turned into Kubernetes' camel case at compile time.
//!
//! A field means what the API's field of that key means, so its documentation begins with that; a declaration says more
//! where there is more to say.

/// `snake_case` to `camelCase`, at compile time: the bytes and how many of them count.
///
/// A letter after an underscore becomes a capital; `=` in a declaration overrides what this rule cannot know
/// (`clusterIP`, `type`).
#[expect(clippy::indexing_slicing, reason = "runs at compile time, where a bad index is a compile error")]
pub(crate) const fn camel(snake: &str) -> ([u8; 64], usize) {
    let bytes = snake.as_bytes();
    let (mut out, mut from, mut to, mut upper) = ([0; 64], 0, 0, false);
    while from < bytes.len() {
        if bytes[from] == b'_' {
            upper = true;
        } else {
            out[to] = if upper { bytes[from].to_ascii_uppercase() } else { bytes[from] };
            upper = false;
            to += 1;
        }
        from += 1;
    }
    (out, to)
}

/// The key of a field: the literal if one is given, else the field's name in camel case.
macro_rules! key {
    ($field:ident, $key:literal) => {
        $crate::walk::Key::Field($key)
    };
    ($field:ident) => {{
        const CAMEL: ([u8; 64], usize) = $crate::k8s::model::camel(stringify!($field));
        const KEY: &str = match std::str::from_utf8(CAMEL.0.split_at(CAMEL.1).0) {
            Ok(key) => key,
            Err(_) => "",
        };
        $crate::walk::Key::Field(KEY)
    }};
}

/// The name of a field in its documentation.
macro_rules! doc_key {
    ($field:ident, $key:literal) => {
        $key
    };
    ($field:ident) => {
        stringify!($field)
    };
}

/// Maps: `object! { /// doc  pub struct Name { field: Type, /// more doc  odd_one = "odDOne": Type } }`.
macro_rules! object {
    ($($(#[$meta:meta])* pub struct $Name:ident { $($(#[$field_meta:meta])* $field:ident $(= $key:literal)?: $type:ty),* $(,)? })*) => { $(
        $(#[$meta])*
        #[derive(Clone, Debug)]
        pub struct $Name { $(
            #[doc = concat!("The API's `", $crate::k8s::model::doc_key!($field $(, $key)?), "`.\n")]
            $(#[$field_meta])*
            pub $field: $type
        ),* }
        impl $crate::walk::Walk for $Name {
            fn walk(&self, v: &mut dyn $crate::walk::Visit) {
                v.map();
                $($crate::walk::Walk::put(&self.$field, $crate::k8s::model::key!($field $(, $key)?), v);)*
                v.end();
            }
            fn is_absent(&self) -> bool {
                $($crate::walk::Walk::is_absent(&self.$field))&&*
            }
        }
    )* };
}

/// Whole objects: `kinds! { /// doc  pub struct Deployment in "apps/v1" { spec: DeploymentSpec } }`, and the enum `Object` of them all.
///
/// `because` is the origin of the object's existence and of `apiVersion` and `kind`.
macro_rules! kinds {
    ($($(#[$meta:meta])* pub struct $Name:ident in $version:literal { $($(#[$field_meta:meta])* $field:ident $(= $key:literal)?: $type:ty),* $(,)? })*) => {
        $(
            $(#[$meta])*
            #[derive(Clone, Debug)]
            pub struct $Name {
                /// why the object exists
                pub because: $crate::origin::Origin,
                /// name, namespace, labels, annotations
                pub metadata: $crate::k8s::meta::Metadata,
                $(
                    #[doc = concat!("The API's `", $crate::k8s::model::doc_key!($field $(, $key)?), "`.\n")]
                    $(#[$field_meta])*
                    pub $field: $type
                ),*
            }
            impl $crate::walk::Walk for $Name {
                fn walk(&self, v: &mut dyn $crate::walk::Visit) {
                    v.map();
                    v.field("apiVersion");
                    v.text(&$crate::text::Text::Literal($version), self.because);
                    v.field("kind");
                    v.text(&$crate::text::Text::Literal(stringify!($Name)), self.because);
                    $crate::walk::Walk::put(&self.metadata, $crate::walk::Key::Field("metadata"), v);
                    $($crate::walk::Walk::put(&self.$field, $crate::k8s::model::key!($field $(, $key)?), v);)*
                    v.end();
                }
            }
            impl From<$Name> for Object {
                fn from(object: $Name) -> Self { Object::$Name(Box::new(object)) }
            }
        )*
        /// Any object that specc can make.
        #[derive(Clone, Debug)]
        pub enum Object {
            $(#[doc = concat!("a ", stringify!($Name))] $Name(Box<$Name>),)*
            /// one that somebody wrote by hand, in whole or in part
            Written(Box<$crate::k8s::written::Written>),
        }
        impl Object {
            /// The kind's name.
            pub fn kind(&self) -> $crate::text::Text {
                match self {
                    $(Object::$Name(_) => $crate::text::Text::Literal(stringify!($Name)),)*
                    Object::Written(o) => o.kind.clone(),
                }
            }
            /// `group/version`, or `v1` for the core group.
            pub fn api_version(&self) -> $crate::text::Text {
                match self {
                    $(Object::$Name(_) => $crate::text::Text::Literal($version),)*
                    Object::Written(o) => o.api_version.clone(),
                }
            }
            /// Name, namespace, labels, annotations.
            pub fn metadata(&self) -> &$crate::k8s::meta::Metadata {
                match self {
                    $(Object::$Name(o) => &o.metadata,)*
                    Object::Written(o) => &o.metadata,
                }
            }
            /// Why the object exists.
            pub fn because(&self) -> $crate::origin::Origin {
                match self {
                    $(Object::$Name(o) => o.because,)*
                    Object::Written(o) => o.because,
                }
            }
            /// The object as something to visit.
            pub fn as_walk(&self) -> &dyn $crate::walk::Walk {
                match self {
                    $(Object::$Name(o) => &**o,)*
                    Object::Written(o) => &**o,
                }
            }
            /// The object as specc makes it by itself; one that is written as a whole is as it is.
            pub fn own(&self) -> &Object {
                match self {
                    Object::Written(o) => o.of.as_ref().unwrap_or(self),
                    own => own,
                }
            }
        }
        /// Every kind that specc can make, with its API version, in the order of the declarations.
        pub const KINDS: &[(&str, &str)] = &[$((stringify!($Name), $version)),*];
    };
}

/// Closed enums: `closed! { /// doc  pub enum Protocol { /// doc  Tcp = "TCP", /// doc  Udp = "UDP" } }`; without `=` the variant's name is the word.
macro_rules! closed {
    ($($(#[$meta:meta])* pub enum $Name:ident { $($(#[$variant_meta:meta])* $Variant:ident $(= $word:literal)?),* $(,)? })*) => { $(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $Name { $($(#[$variant_meta])* $Variant),* }
        impl $Name {
            /// The word that the API expects.
            pub fn word(self) -> &'static str { match self { $($Name::$Variant => $crate::k8s::model::word!($Variant $(, $word)?)),* } }
        }
        impl $crate::walk::Leaf for $Name {
            fn leaf(&self, origin: $crate::origin::Origin, v: &mut dyn $crate::walk::Visit) {
                v.text(&$crate::text::Text::Literal(self.word()), origin);
            }
        }
    )* };
}

/// The word of a variant of a closed enum.
macro_rules! word {
    ($Variant:ident, $word:literal) => {
        $word
    };
    ($Variant:ident) => {
        stringify!($Variant)
    };
}

/// Exactly one of several keys: `one_of! { /// doc  pub enum Handler { /// doc  HttpGet(HttpGet) = "httpGet" } }`.
///
/// Used as a field, the variant writes its own key beside its siblings; the field's name is not written.
macro_rules! one_of {
    ($($(#[$meta:meta])* pub enum $Name:ident { $($(#[$variant_meta:meta])* $Variant:ident($type:ty) = $key:literal),* $(,)? })*) => { $(
        $(#[$meta])*
        #[derive(Clone, Debug)]
        pub enum $Name { $($(#[$variant_meta])* $Variant($type)),* }
        impl $crate::walk::Walk for $Name {
            fn walk(&self, v: &mut dyn $crate::walk::Visit) {
                match self { $($Name::$Variant(inner) => $crate::walk::Walk::walk(inner, v)),* }
            }
            fn put(&self, _field: $crate::walk::Key<'_>, v: &mut dyn $crate::walk::Visit) {
                match self { $($Name::$Variant(inner) => $crate::walk::Walk::put(inner, $crate::walk::Key::Field($key), v)),* }
            }
        }
    )* };
}

/// A union told by its `type`: `tagged! { /// doc  pub enum Strategy { /// doc  Recreate {}, /// doc  RollingUpdate { rolling_update: RollingUpdate } } }`.
///
/// It is a map of its own: `type`, then the fields of the variant. `because` is the origin of the choice.
macro_rules! tagged {
    ($($(#[$meta:meta])* pub enum $Name:ident { $($(#[$variant_meta:meta])* $Variant:ident { $($field:ident $(= $key:literal)?: $type:ty),* $(,)? }),* $(,)? })*) => { $(
        $(#[$meta])*
        #[derive(Clone, Debug)]
        pub enum $Name { $($(#[$variant_meta])* $Variant {
            /// why this variant
            because: $crate::origin::Origin,
            $(
                #[doc = concat!("The API's `", $crate::k8s::model::doc_key!($field $(, $key)?), "`.\n")]
                $field: $type
            ),*
        }),* }
        impl $crate::walk::Walk for $Name {
            fn walk(&self, v: &mut dyn $crate::walk::Visit) {
                v.map();
                v.field("type");
                match self { $($Name::$Variant { because, $($field),* } => {
                    v.text(&$crate::text::Text::Literal(stringify!($Variant)), *because);
                    $($crate::walk::Walk::put($field, $crate::k8s::model::key!($field $(, $key)?), v);)*
                }),* }
                v.end();
            }
        }
    )* };
}

pub(crate) use {closed, doc_key, key, kinds, object, one_of, tagged, word};
