//! What the API of each supported Kubernetes version serves: kinds, fields, types, and since when.
//!
//! The facts stand in `api/tables.txt`, which `tests/acceptance/suite/api_tables.py` makes from the published definitions;
//! its head says how to read it. It is only looked at when somebody writes fields of the API by hand, so a build
//! without ways out does not pay for it. Knows neither the spec nor any object.

use std::sync::OnceLock;

const TABLES: &str = include_str!("api/tables.txt");

struct Tables {
    kinds: Vec<&'static str>,
    words: Vec<&'static str>,
    types: Vec<&'static str>,
}

fn tables() -> &'static Tables {
    static READ: OnceLock<Tables> = OnceLock::new();
    READ.get_or_init(|| {
        let mut tables = Tables { kinds: Vec::new(), words: Vec::new(), types: Vec::new() };
        for line in TABLES.lines() {
            // a type without fields has nothing behind its letter
            let (letter, rest) = line.split_once(' ').unwrap_or((line, ""));
            match letter {
                "k" => tables.kinds.push(rest),
                "e" => tables.words.push(rest),
                "t" => tables.types.push(rest),
                _ => {}
            }
        }
        tables
    })
}

/// The minor versions that serve something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Served {
    /// the first of the supported ones, if the oldest does not serve it
    pub since: Option<u8>,
    /// the last of them, if the newest does not serve it
    pub until: Option<u8>,
}

impl Served {
    fn read(text: &str) -> Self {
        let (since, until) = text.split_once('-').unwrap_or((text, ""));
        Served { since: since.parse().ok(), until: until.parse().ok() }
    }

    /// Whether the version `1.<minor>` serves it.
    pub fn by(self, minor: u8) -> bool {
        self.since.is_none_or(|since| since <= minor) && self.until.is_none_or(|until| minor <= until)
    }
}

/// A kind of object.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// `group/version`, or `v1` for the core group
    pub api_version: &'static str,
    /// its name
    pub name: &'static str,
    /// whether its objects live in a namespace
    pub namespaced: bool,
    /// its fields
    pub object: Type,
    /// which versions serve it; custom resources are served by whoever has their add-on
    pub served: Served,
}

impl Kind {
    fn read(line: &'static str) -> Option<Self> {
        let mut words = line.split(' ');
        let (api_version, name, scope, number) = (words.next()?, words.next()?, words.next()?, words.next()?);
        Some(Kind {
            api_version,
            name,
            namespaced: scope == "n",
            object: Type(number.parse().ok()?),
            served: Served::read(words.next().unwrap_or("")),
        })
    }
}

/// Every kind that the tables know.
pub fn kinds() -> impl Iterator<Item = Kind> {
    tables().kinds.iter().filter_map(|line| Kind::read(line))
}

/// The kind of that name in that version of a group.
pub fn kind(api_version: &str, name: &str) -> Option<Kind> {
    kinds().find(|kind| kind.api_version == api_version && kind.name == name)
}

/// `apps` of `apps/v1`; nothing for the core group.
pub fn group(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}

/// A table of fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Type(usize);

/// A field of a [`Type`].
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// its name
    pub name: &'static str,
    /// whether it must be there
    pub required: bool,
    /// what it holds
    pub form: Form,
    /// which versions serve it
    pub served: Served,
}

impl Type {
    fn line(self) -> &'static str {
        tables().types.get(self.0).copied().unwrap_or("")
    }

    /// Whether it keeps fields that it does not name.
    pub fn is_open(self) -> bool {
        self.line().starts_with('~')
    }

    /// Its fields, sorted by name.
    pub fn fields(self) -> impl Iterator<Item = Field> {
        self.line().split(' ').filter_map(|word| {
            let (name, rest) = word.split_once('=')?;
            let (form, served) = rest.split_once('@').unwrap_or((rest, ""));
            let required = name.ends_with('!');
            let (name, served) = (name.trim_end_matches('!'), Served::read(served));
            Some(Field { name, required, form: Form(form), served })
        })
    }

    /// The field of that name.
    pub fn field(self, name: &str) -> Option<Field> {
        self.fields().find(|field| field.name == name)
    }
}

/// What a field holds, as the tables write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form(&'static str);

/// A [`Form`] taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// any string
    Text,
    /// one of these words, separated by spaces
    Words(&'static str),
    /// a whole number
    Integer,
    /// any number
    Number,
    /// `true` or `false`
    Truth,
    /// an amount such as `500m` or `2`
    Quantity,
    /// a whole number, a name or a percentage
    IntOrText,
    /// base64
    Bytes,
    /// anything: the tables know no more
    Any,
    /// a table whose keys somebody chooses
    Map(Form),
    /// a list that is one value
    List(Form),
    /// a list whose items this key tells apart
    Keyed(&'static str, Form),
    /// a table of known fields
    Object(Type),
}

impl Form {
    /// The form of a whole object.
    pub const ANY: Form = Form("a");

    /// What it says.
    pub fn shape(self) -> Shape {
        match self.0 {
            "s" => Shape::Text,
            "i" => Shape::Integer,
            "n" => Shape::Number,
            "b" => Shape::Truth,
            "q" => Shape::Quantity,
            "x" => Shape::IntOrText,
            "y" => Shape::Bytes,
            other => Self::compound(other),
        }
    }

    fn compound(text: &'static str) -> Shape {
        if let Some(inner) = text.strip_prefix('{') {
            return Shape::Map(Form(inner));
        }
        if let Some(inner) = text.strip_prefix('[') {
            // an item is a list in turn only where nothing tells its items apart
            return match inner.split_once(';').filter(|(key, _)| !key.contains(['[', '{'])) {
                Some((key, item)) => Shape::Keyed(key, Form(item)),
                None => Shape::List(Form(inner)),
            };
        }
        if let Some(number) = text.strip_prefix('e').and_then(|number| number.parse::<usize>().ok()) {
            return Shape::Words(tables().words.get(number).copied().unwrap_or(""));
        }
        text.parse().map_or(Shape::Any, |number| Shape::Object(Type(number)))
    }

    /// What holds the value under `key`, in a table of this form; none for a field that there is not.
    pub fn under(self, key: &str) -> Option<Form> {
        match self.shape() {
            Shape::Any => Some(Form::ANY),
            Shape::Map(inner) => Some(inner),
            Shape::Object(fields) => {
                fields.field(key).map(|field| field.form).or_else(|| fields.is_open().then_some(Form::ANY))
            }
            _ => None,
        }
    }

    /// The form of an item, in a list of this form.
    #[must_use]
    pub fn item(self) -> Form {
        match self.shape() {
            Shape::List(item) | Shape::Keyed(_, item) => item,
            _ => Form::ANY,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(kind: Kind, path: &str) -> Form {
        let step = |form: Form, key: &str| if key == "[]" { form.item() } else { form.under(key).unwrap() };
        let root = kind.object.field(path.split('.').next().unwrap()).unwrap().form;
        path.split('.').skip(1).fold(root, step)
    }

    #[test]
    fn the_tables_say_what_the_api_serves() {
        let deployment = kind("apps/v1", "Deployment").unwrap();
        assert!(deployment.namespaced && !kind("v1", "Namespace").unwrap().namespaced);
        let pod = at(deployment, "spec.template.spec");
        let Shape::Object(pod) = pod.shape() else { panic!("{pod:?}") };
        assert!(pod.field("containers").unwrap().required);
        assert_eq!(pod.field("hostnameOverride").unwrap().served, Served { since: Some(34), until: None });
        assert!(!pod.field("resources").unwrap().served.by(31));
        let container = at(deployment, "spec.template.spec.containers");
        assert!(matches!(container.shape(), Shape::Keyed("name", _)));
        let policy = container.item().under("imagePullPolicy").unwrap();
        assert_eq!(policy.shape(), Shape::Words("Always IfNotPresent Never"));
        let limits = container.item().under("resources").unwrap().under("limits").unwrap();
        assert_eq!(limits.under("cpu").unwrap().shape(), Shape::Quantity);
        assert!(kind("apps/v1", "Deploymnet").is_none());
    }

    #[test]
    fn every_form_of_the_tables_can_be_read() {
        for (index, line) in tables().types.iter().enumerate() {
            assert_eq!(
                Type(index).fields().count(),
                line.split(' ').filter(|word| word.contains('=')).count(),
                "{line}"
            );
            for field in Type(index).fields() {
                let mut form = field.form;
                while let Shape::Map(inner) | Shape::List(inner) | Shape::Keyed(_, inner) = form.shape() {
                    form = inner;
                }
                match form.shape() {
                    Shape::Object(Type(number)) => assert!(number < tables().types.len(), "{line}"),
                    Shape::Any => assert_eq!(form, Form::ANY, "{line}"),
                    Shape::Words(words) => assert!(!words.is_empty(), "{line}"),
                    _ => {}
                }
            }
        }
        assert!(kinds().count() > 250 && tables().kinds.len() == kinds().count());
    }
}
