//! One order for the names of several lists.

use std::collections::{BTreeMap, BTreeSet};

/// Every name once, in an order that each list agrees with; `None` if there is none because two lists contradict each other.
/// Where the lists leave a choice, the name comes first that was seen first.
pub(super) fn common<'n>(lists: &[Vec<&'n str>]) -> Option<Vec<&'n str>> {
    let names = seen(lists);
    let mut index = BTreeMap::new();
    for (at, name) in names.iter().enumerate() {
        index.insert(*name, at);
    }
    let mut next: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    let mut waits_for = vec![0usize; names.len()];
    let place = |name: &&str| index.get(*name).copied();
    for pair in lists.iter().flat_map(|list| list.iter().zip(list.iter().skip(1))) {
        if let (Some(first), Some(second)) = (place(pair.0), place(pair.1))
            && next.entry(first).or_default().insert(second)
            && let Some(count) = waits_for.get_mut(second)
        {
            *count += 1;
        }
    }
    let mut ready: BTreeSet<usize> =
        waits_for.iter().enumerate().filter(|(_, count)| **count == 0).map(|(at, _)| at).collect();
    let mut order = Vec::with_capacity(names.len());
    while let Some(at) = ready.pop_first() {
        order.extend(names.get(at).copied());
        for &after in next.get(&at).into_iter().flatten() {
            if let Some(count) = waits_for.get_mut(after) {
                *count -= 1;
                if *count == 0 {
                    ready.insert(after);
                }
            }
        }
    }
    (order.len() == names.len()).then_some(order)
}

/// Every name once, in the order of first mention.
pub(super) fn seen<'n>(lists: &[Vec<&'n str>]) -> Vec<&'n str> {
    let mut known = BTreeSet::new();
    lists.iter().flatten().copied().filter(|name| known.insert(*name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_list_keeps_its_order() {
        let common =
            |lists: &[&[&'static str]]| common(&lists.iter().map(|l| l.to_vec()).collect::<Vec<_>>());
        assert_eq!(common(&[]), Some(vec![]));
        assert_eq!(common(&[&["a", "c"], &["a", "b", "c"]]), Some(vec!["a", "b", "c"]));
        assert_eq!(common(&[&["a"], &["b"], &["b", "a"]]), Some(vec!["b", "a"]));
        assert_eq!(common(&[&["x", "y"], &["x", "z", "y"], &[]]), Some(vec!["x", "z", "y"]));
        assert_eq!(common(&[&["a", "b"], &["b", "a"]]), None);
        assert_eq!(common(&[&["a", "b"], &["b", "c"], &["c", "a"]]), None);
        assert_eq!(common(&[&["a", "a"]]), None);
    }
}
