//! Values as trees: any shape to print, and what a printed object should be read as.

use serde_json::{Map, Value};
use specc::emit::yaml;
use specc::origin::{GRACE, Origin};
use specc::walk::{Scalar, Visit, Walk};

/// Any value that can be printed; empty containers too, although objects have none.
#[derive(Clone, Debug)]
pub(crate) struct Tree(pub(crate) Value);

impl Walk for Tree {
    fn walk(&self, v: &mut dyn Visit) {
        tell(&self.0, v);
    }
}

fn tell(value: &Value, v: &mut dyn Visit) {
    let why = Origin::rule(GRACE);
    match value {
        Value::Null => panic!("no object holds null"),
        Value::Bool(truth) => v.leaf(Scalar::Bool(*truth), why),
        Value::Number(number) => v.leaf(Scalar::Int(number.as_i64().unwrap()), why),
        Value::String(text) => v.leaf(Scalar::Str(text), why),
        Value::Array(items) => {
            v.seq();
            for item in items {
                v.item(None);
                tell(item, v);
            }
            v.end();
        }
        Value::Object(fields) => {
            v.map();
            for (key, value) in fields {
                v.key(key);
                tell(value, v);
            }
            v.end();
        }
    }
}

/// What was visited, as a value.
#[derive(Default)]
struct Json {
    open: Vec<(Value, Option<String>)>,
    done: Option<Value>,
}

/// What `object` should be read as.
pub(crate) fn json(object: &dyn Walk) -> Value {
    let mut json = Json::default();
    object.walk(&mut json);
    json.done.unwrap()
}

impl Json {
    fn add(&mut self, value: Value) {
        match self.open.last_mut() {
            None => self.done = Some(value),
            Some((Value::Object(map), key)) => {
                let key = key.take().unwrap();
                assert!(map.insert(key.clone(), value).is_none(), "key `{key}` twice");
            }
            Some((Value::Array(list), _)) => list.push(value),
            Some(_) => unreachable!("only containers are open"),
        }
    }
}

impl Visit for Json {
    fn map(&mut self) {
        self.open.push((Value::Object(Map::new()), None));
    }
    fn key(&mut self, key: &str) {
        self.open.last_mut().unwrap().1 = Some(key.to_owned());
    }
    fn seq(&mut self) {
        self.open.push((Value::Array(Vec::new()), None));
    }
    fn item(&mut self, _key: Option<&str>) {}
    fn end(&mut self) {
        let (value, _) = self.open.pop().unwrap();
        self.add(value);
    }
    fn leaf(&mut self, value: Scalar<'_>, _origin: Origin) {
        self.add(match value {
            Scalar::Str(text) => text.into(),
            Scalar::Int(number) => number.into(),
            Scalar::Number(digits) => serde_json::from_str(digits).unwrap(),
            Scalar::Bool(truth) => truth.into(),
            Scalar::EmptyMap => Value::Object(Map::new()),
        });
    }
}

/// The object as YAML.
pub(crate) fn printed(object: &dyn Walk) -> String {
    let mut out = String::new();
    yaml::object(object, &mut out);
    out
}

/// What an independent reader makes of the YAML.
pub(crate) fn read(yaml: &str) -> Value {
    serde_saphyr::from_str(yaml).unwrap_or_else(|error| panic!("{error}\n{yaml}"))
}
