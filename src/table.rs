//! Tables of the spec: values under keys, sorted by key, in one piece of memory.
//!
//! A tree of a spec has many tables of a few keys. In a search tree each would take the room of its largest node, which
//! is most of what a large project needs; here a table is as large as its entries. Knows nothing of what it holds.

use crate::text::Text;

/// Values under keys, sorted by key.
///
/// What is removed leaves a gap, so that removing many keys of a large table stays cheap; nobody sees the gaps.
#[derive(Clone, Debug)]
pub struct Table<V> {
    /// sorted, no key twice
    entries: Vec<(Text, Option<V>)>,
}

impl<V> Default for Table<V> {
    fn default() -> Self {
        Table { entries: Vec::new() }
    }
}

impl<V> Table<V> {
    /// The index of `key`, or where it belongs.
    fn find(&self, key: &str) -> Result<usize, usize> {
        self.entries.binary_search_by(|(known, _)| known.as_str().cmp(key))
    }

    /// The value under `key`.
    pub fn get(&self, key: &str) -> Option<&V> {
        self.get_key_value(key).map(|(_, value)| value)
    }

    /// The key that is equal to `key`, and its value.
    pub fn get_key_value(&self, key: &str) -> Option<(&Text, &V)> {
        let (key, value) = self.entries.get(self.find(key).ok()?)?;
        Some((key, value.as_ref()?))
    }

    /// The value under `key`, to be changed.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut V> {
        let index = self.find(key).ok()?;
        self.entries.get_mut(index)?.1.as_mut()
    }

    /// The same keys with what `f` makes of their values.
    pub fn map<W>(&self, f: impl Fn(&V) -> W) -> Table<W> {
        let entry = |(key, value): &(Text, Option<V>)| (key.clone(), value.as_ref().map(&f));
        Table { entries: self.entries.iter().map(entry).collect() }
    }

    /// Puts a value under `key`, in the place of the one that is there.
    pub fn insert(&mut self, key: Text, value: V) {
        match self.find(&key) {
            Ok(index) => {
                if let Some(entry) = self.entries.get_mut(index) {
                    entry.1 = Some(value);
                }
            }
            Err(index) => self.entries.insert(index, (key, Some(value))),
        }
    }

    /// Takes the value under `key` away.
    pub fn remove(&mut self, key: &str) -> Option<V> {
        let index = self.find(key).ok()?;
        self.entries.get_mut(index)?.1.take()
    }

    /// The keys and values, sorted by key.
    pub fn iter(&self) -> Iter<'_, V> {
        Iter(self.entries.iter())
    }

    /// The keys and values, sorted by key, the values to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&Text, &mut V)> {
        self.entries.iter_mut().filter_map(|(key, value)| Some((&*key, value.as_mut()?)))
    }

    /// The keys, sorted.
    pub fn keys(&self) -> impl Iterator<Item = &Text> {
        self.iter().map(|(key, _)| key)
    }

    /// The values, sorted by key.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.iter().map(|(_, value)| value)
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Whether there is no value.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }
}

/// Of several values under one key the last one stays.
impl<V> Extend<(Text, V)> for Table<V> {
    fn extend<I: IntoIterator<Item = (Text, V)>>(&mut self, values: I) {
        let values = values.into_iter();
        self.entries.reserve_exact(values.size_hint().0);
        self.entries.extend(values.map(|(key, value)| (key, Some(value))));
        self.entries.shrink_to_fit();
        if self.entries.is_sorted_by(|(a, _), (b, _)| a < b) {
            return;
        }
        self.entries.sort_by(|(a, _), (b, _)| a.cmp(b));
        self.entries.dedup_by(|later, first| {
            let same = later.0 == first.0;
            if same {
                std::mem::swap(later, first);
            }
            same
        });
    }
}

impl<V> FromIterator<(Text, V)> for Table<V> {
    fn from_iter<I: IntoIterator<Item = (Text, V)>>(values: I) -> Self {
        let mut table = Table::default();
        table.extend(values);
        table
    }
}

impl<'t, V> IntoIterator for &'t Table<V> {
    type Item = (&'t Text, &'t V);
    type IntoIter = Iter<'t, V>;
    fn into_iter(self) -> Iter<'t, V> {
        self.iter()
    }
}

/// The keys and values of a [`Table`], sorted by key.
#[derive(Clone, Debug)]
pub struct Iter<'t, V>(std::slice::Iter<'t, (Text, Option<V>)>);

impl<'t, V> Iterator for Iter<'t, V> {
    type Item = (&'t Text, &'t V);
    fn next(&mut self) -> Option<Self::Item> {
        self.0.find_map(|(key, value)| Some((key, value.as_ref()?)))
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.0.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(entries: &[(&'static str, u32)]) -> Table<u32> {
        entries.iter().map(|(key, value)| (Text::from(*key), *value)).collect()
    }

    fn told(table: &Table<u32>) -> Vec<(&str, u32)> {
        table.iter().map(|(key, value)| (key.as_str(), *value)).collect()
    }

    #[test]
    fn keys_are_sorted_and_the_last_value_stays() {
        let mut table = table(&[("b", 1), ("a", 2), ("b", 3), ("b", 4)]);
        assert_eq!(told(&table), [("a", 2), ("b", 4)]);
        table.extend([("c".into(), 5), ("a".into(), 6)]);
        assert_eq!(told(&table), [("a", 6), ("b", 4), ("c", 5)]);
        assert_eq!((table.get("b"), table.get("d"), table.len()), (Some(&4), None, 3));
    }

    #[test]
    fn what_is_removed_is_gone_and_can_come_back() {
        let mut table = table(&[("a", 1), ("b", 2)]);
        assert_eq!([table.remove("a"), table.remove("a"), table.remove("x")], [Some(1), None, None]);
        assert_eq!((told(&table), table.get("a"), table.len()), (vec![("b", 2)], None, 1));
        assert!(table.get_key_value("a").is_none() && table.get_mut("a").is_none());
        table.extend([("a".into(), 3)]);
        assert_eq!(told(&table), [("a", 3), ("b", 2)]);
        assert_eq!([table.remove("a"), table.remove("b")], [Some(3), Some(2)]);
        assert!(table.is_empty());
    }
}
