//! STAGE 2: the layers of one thing to one tree, folded left to right. Knows no schema.
//!
//! - Tables merge key by key, whatever their notation; every other value replaces what it overrides, arrays whole.
//! - `remove = ["a.b"]` at the top of a layer takes paths away before the layer's own values apply.
//! - `final = ["a.b"]` at the top of a layer forbids later layers to mention that path or anything below it.
//! - Every value keeps what it overrode in [`Node::earlier`]; what was removed leaves a [`Tombstone`].
//!
//! A table's mention is its last one too; where it was first written is the first of its earlier ones. `remove` and
//! `final` themselves do not reach the merged tree.

mod orders;
mod path;

use std::sync::Arc;

use self::orders::{Order, Orders};
use crate::diagnostic::{Diagnostic, Sink, suggest};
use crate::node::{Kind, Layer, Layers, Mention, Node};
use crate::source::Place;
use crate::table::Table;
use crate::text::Text;

/// The paths that `remove` and `final` take, as a regular expression for schemas.
pub const PATH_PATTERN: &str = path::PATTERN;

/// A path that some layer removed. A later layer may have defined it anew, or a part of it.
#[derive(Clone, Debug)]
pub struct Tombstone {
    /// the path from the root, without the file's name
    pub path: Vec<Text>,
    /// the layer that removed it
    pub layer: Layer,
    /// the item of `remove` that says so
    pub at: Place,
    /// what was removed: its last mention
    pub was: Mention,
}

/// The tree of all layers.
#[derive(Clone, Debug)]
pub struct Merged {
    /// what holds
    pub root: Node,
    /// what was taken away, in order
    pub removed: Vec<Tombstone>,
}

impl Merged {
    /// The tree of a file that has no layers. There `remove` and `final` are keys like any other.
    pub fn alone(root: &Node) -> Self {
        Merged { root: root.clone(), removed: Vec::new() }
    }

    /// Why nothing stands at `path`, if a `remove` took it away or something that it is a part of.
    pub fn why_absent<T: AsRef<str>>(&self, path: &[T]) -> Option<&Tombstone> {
        let begins = |stone: &&Tombstone| {
            stone.path.len() <= path.len()
                && stone.path.iter().zip(path).all(|(ours, theirs)| ours.as_str() == theirs.as_ref())
        };
        self.removed.iter().rev().find(begins)
    }
}

fn kind_changed(path: &str, old: &Node, new: &Node) -> Diagnostic {
    let (was, is) = (old.kind.describe(), new.kind.describe());
    Diagnostic::error("kind-changed", format!("`{path}` is {was} and is overridden by {is}"))
        .at(new.mention.value, format!("{is} here"))
        .also(old.mention.value, format!("{was} here"))
        .note("a value of another kind is more often a slip than meant, so it must be said")
        .help(format!(
            "write {was}; if the change is meant, put `remove = [\"{}\"]` at the top of this file",
            toml_quoted(path)
        ))
}

fn overlay_noop(path: &str, old: &Node, new: &Node) -> Diagnostic {
    Diagnostic::warning("overlay-noop", format!("`{path}` is set to what it is already"))
        .at(new.mention.value, "the same value again")
        .also(old.mention.value, "inherited from here")
        .note("a line that changes nothing hides which lines do, and keeps this value when the inherited one changes")
        .help("delete the line")
}

fn final_touched(path: &str, seal: &Order, at: Place, how: &str) -> Diagnostic {
    Diagnostic::error("final-touched", format!("`{path}` is final and may not be {how} in a later layer"))
        .at(at, format!("{how} here"))
        .also(seal.at, "declared final here")
        .help("delete this, or change the value in the layer that declares it final")
}

fn remove_of_nothing(path: &str, at: Place) -> Diagnostic {
    Diagnostic::error("remove-of-nothing", format!("`{path}` cannot be removed: no earlier layer has it"))
        .at(at, "nothing to remove")
        .note("a `remove` that takes nothing away is a slip, or a remainder of something that is gone")
}

fn remove_in_first_layer(at: Place) -> Diagnostic {
    Diagnostic::error("remove-of-nothing", "the first layer cannot remove anything: there is no earlier one")
        .at(at, "nothing to remove")
        .help("delete the line; what this file should not have is simply not written")
}

fn toml_quoted(path: &str) -> String {
    path.replace('\\', "\\\\").replace('"', "\\\"")
}

/// Merges `layers`. Findings are the same for the same layers, so files that several environments share yield equal ones.
pub fn merge(layers: &Layers<'_>, sink: &mut Sink) -> Merged {
    let (layer, base) = layers.base;
    let orders = Orders::read(base, sink);
    if let Some(empty) = base.get(orders::REMOVE).filter(|_| orders.remove.is_empty()) {
        sink.push(remove_in_first_layer(empty.mention.key));
    }
    let mut fold =
        Fold { root: Table::default(), finals: Vec::new(), removed: Vec::new(), ghosts: Vec::new(), sink };
    fold.apply(layer, base, orders);
    let mention = Mention { layer, ..base.mention };
    let mut root = Node { id: base.id, mention, earlier: None, kind: Kind::Boolean(false) };
    for (layer, overlay) in &layers.overlays {
        let orders = Orders::read(overlay, fold.sink);
        fold.apply(*layer, overlay, orders);
        remember(&mut root, Mention { layer: *layer, ..overlay.mention });
    }
    root.kind = Kind::Table(fold.root);
    Merged { root, removed: fold.removed }
}

/// A layer's values, without its orders.
fn values(node: &Node) -> impl Iterator<Item = (&Text, &Node)> {
    let orders = |key: &str| key == orders::REMOVE || key == orders::FINAL;
    node.table().into_iter().flatten().filter(move |(key, _)| !orders(key))
}

/// The mention `new` becomes the one that holds.
fn remember(node: &mut Node, new: Mention) {
    node.earlier = Some(history(node));
    node.mention = new;
}

/// Every mention of `node`, the one that holds last.
fn history(node: &Node) -> Arc<Vec<Mention>> {
    let earlier = node.earlier();
    let mut mentions = Vec::with_capacity(earlier.len() + 1);
    mentions.extend_from_slice(earlier);
    mentions.push(node.mention);
    Arc::new(mentions)
}

fn copy(node: &Node, layer: Layer) -> Node {
    let kind = match &node.kind {
        Kind::Table(table) => Kind::Table(table.map(|value| copy(value, layer))),
        Kind::Array(items) => Kind::Array(items.iter().map(|item| copy(item, layer)).collect()),
        other => other.clone(),
    };
    Node { id: node.id, mention: Mention { layer, ..node.mention }, earlier: None, kind }
}

fn same_value(a: &Node, b: &Node) -> bool {
    match (&a.kind, &b.kind) {
        (Kind::String(a), Kind::String(b)) | (Kind::Datetime(a), Kind::Datetime(b)) => a == b,
        (Kind::Integer(a), Kind::Integer(b)) => a == b,
        (Kind::Float(a), Kind::Float(b)) => a.to_bits() == b.to_bits(),
        (Kind::Boolean(a), Kind::Boolean(b)) => a == b,
        (Kind::Array(a), Kind::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_value(a, b))
        }
        (Kind::Table(a), Kind::Table(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|((ka, a), (kb, b))| ka == kb && same_value(a, b))
        }
        _ => false,
    }
}

/// Whether one may override the other. Integers and floats are both numbers.
fn same_kind(a: &Kind, b: &Kind) -> bool {
    let number = |kind: &Kind| matches!(kind, Kind::Integer(_) | Kind::Float(_));
    std::mem::discriminant(a) == std::mem::discriminant(b) || (number(a) && number(b))
}

fn find<'n>(table: &'n Table<Node>, path: &[Text]) -> Option<&'n Node> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(table.get(first)?, |node, part| node.get(part))
}

fn take(table: &mut Table<Node>, path: &[Text]) -> Option<Node> {
    let (first, rest) = path.split_first()?;
    if rest.is_empty() {
        return table.remove(first);
    }
    match &mut table.get_mut(first)?.kind {
        Kind::Table(inner) => take(inner, rest),
        _ => None,
    }
}

struct Fold<'s> {
    root: Table<Node>,
    /// what layers so far declared final
    finals: Vec<Order>,
    removed: Vec<Tombstone>,
    /// what was removed, for the history of what is defined anew
    ghosts: Vec<(Vec<Text>, Node)>,
    sink: &'s mut Sink,
}

impl Fold<'_> {
    fn apply(&mut self, layer: Layer, node: &Node, orders: Orders) {
        let mut blocked = Vec::new();
        for seal in &self.finals {
            if let Some(touch) = touch(node, &seal.path) {
                let how = if touch.path.len() >= seal.path.len() { "mentioned" } else { "replaced" };
                self.sink.push(final_touched(&path::show(&seal.path), seal, touch.node.mention.key, how));
                blocked.push(touch.node.mention.key);
            }
        }
        for order in &orders.remove {
            self.remove(layer, order);
        }
        let overlay = Overlay { layer, blocked };
        let mut path = Vec::new();
        overlay.lay(&mut self.root, values(node), &mut path, self.sink);
        for (path, ghost) in &self.ghosts {
            if let Some(heir) = find_mut(&mut self.root, path) {
                inherit(heir, ghost, layer);
            }
        }
        self.finals.extend(orders.seal);
    }

    fn remove(&mut self, layer: Layer, order: &Order) {
        let shown = path::show(&order.path);
        let touches = |seal: &&Order| seal.path.iter().zip(&order.path).all(|(a, b)| a == b);
        if let Some(seal) = self.finals.iter().find(touches) {
            self.sink.push(final_touched(&path::show(&seal.path), seal, order.at, "removed"));
            return;
        }
        if let Some(node) = take(&mut self.root, &order.path) {
            let stone = Tombstone { path: order.path.clone(), layer, at: order.at, was: node.mention };
            self.removed.push(stone);
            self.ghosts.push((order.path.clone(), node));
            return;
        }
        let mut found = remove_of_nothing(&shown, order.at);
        let gone = |stone: &&Tombstone| order.path.starts_with(&stone.path);
        if let Some(stone) = self.removed.iter().rev().find(gone) {
            found = found.also(stone.at, "removed here already");
        } else if let Some(array) = array_on_the_way(&self.root, &order.path) {
            found = found
                .also(array.mention.value, "this is an array")
                .note("items of an array have no paths")
                .help("write the whole array anew in this layer");
        } else if let Some(near) = nearest_path(&self.root, &order.path) {
            found = found.help(format!("did you mean `{near}`?"));
        } else {
            found = found.help("delete it");
        }
        self.sink.push(found);
    }
}

fn find_mut<'n>(table: &'n mut Table<Node>, path: &[Text]) -> Option<&'n mut Node> {
    let (first, rest) = path.split_first()?;
    let node = table.get_mut(first)?;
    if rest.is_empty() {
        return Some(node);
    }
    match &mut node.kind {
        Kind::Table(inner) => find_mut(inner, rest),
        _ => None,
    }
}

/// What `heir` defines anew in `layer` keeps the history of what stood there before it was removed.
fn inherit(heir: &mut Node, ghost: &Node, layer: Layer) {
    if heir.mention.layer == layer && heir.earlier.is_none() {
        heir.earlier = Some(history(ghost));
    }
    if let (Kind::Table(heirs), Kind::Table(ghosts)) = (&mut heir.kind, &ghost.kind) {
        for (key, ghost) in ghosts {
            if let Some(heir) = heirs.get_mut(key) {
                inherit(heir, ghost, layer);
            }
        }
    }
}

struct Touch<'n> {
    path: &'n [Text],
    node: &'n Node,
}

/// Where `layer` mentions `path`, or replaces a table on the way to it by another value.
fn touch<'n>(layer: &'n Node, path: &'n [Text]) -> Option<Touch<'n>> {
    let mut node = layer;
    for (depth, part) in path.iter().enumerate() {
        let Some(table) = node.table() else {
            return Some(Touch { path: path.get(..depth)?, node });
        };
        node = table.get(part)?;
    }
    Some(Touch { path, node })
}

fn array_on_the_way<'n>(root: &'n Table<Node>, path: &[Text]) -> Option<&'n Node> {
    (1..path.len())
        .filter_map(|length| find(root, path.get(..length)?))
        .find(|n| matches!(n.kind, Kind::Array(_)))
}

/// `path` with the first part that is not there replaced by the nearest one that is.
fn nearest_path(root: &Table<Node>, path: &[Text]) -> Option<String> {
    let mut table = root;
    let mut near: Vec<Text> = Vec::new();
    let mut changed = false;
    for part in path {
        let key = if let Some((key, _)) = table.get_key_value(part) {
            key
        } else {
            changed = true;
            let known = suggest::nearest(part, table.keys().map(Text::as_str))?;
            table.get_key_value(known)?.0
        };
        near.push(key.clone());
        match table.get(key).map(|node| &node.kind) {
            Some(Kind::Table(inner)) => table = inner,
            _ => break,
        }
    }
    changed.then(|| path::show(&near))
}

/// One layer while its values are laid over the tree.
struct Overlay {
    layer: Layer,
    /// keys that touch what is final: reported, and left out so that nothing follows from them
    blocked: Vec<Place>,
}

impl Overlay {
    fn lay<'n>(
        &self,
        into: &mut Table<Node>,
        from: impl Iterator<Item = (&'n Text, &'n Node)>,
        path: &mut Vec<&'n str>,
        sink: &mut Sink,
    ) {
        let mut fresh = Vec::new();
        for (key, new) in from.filter(|(_, new)| !self.blocked.contains(&new.mention.key)) {
            match into.get_mut(key) {
                Some(old) => {
                    path.push(key);
                    self.combine(old, new, path, sink);
                    path.pop();
                }
                None => fresh.push((key.clone(), copy(new, self.layer))),
            }
        }
        into.extend(fresh);
    }

    fn combine<'n>(&self, old: &mut Node, new: &'n Node, path: &mut Vec<&'n str>, sink: &mut Sink) {
        if !same_kind(&old.kind, &new.kind) {
            sink.push(kind_changed(&path::show(path), old, new));
            return;
        }
        let adds_nothing = new.table().is_some_and(Table::is_empty);
        if adds_nothing || (new.table().is_none() && same_value(old, new)) {
            sink.push(overlay_noop(&path::show(path), old, new));
        }
        let mention = Mention { layer: self.layer, ..new.mention };
        remember(old, mention);
        match (&mut old.kind, &new.kind) {
            (Kind::Table(into), Kind::Table(from)) => self.lay(into, from.iter(), path, sink),
            _ => old.kind = copy(new, self.layer).kind,
        }
    }
}
