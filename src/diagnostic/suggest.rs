//! Did you mean: the known word nearest to one that is not known.

/// The word of `of` that `word` is most likely a slip for; none when nothing is near.
///
/// Near is a Damerau-Levenshtein distance, letter case aside, of at most a third of the word's length and at least 1.
/// Of equally near words the first wins.
pub fn nearest<'a>(word: &str, of: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    /// No name of a spec is longer; the distance costs the product of both lengths.
    const LONGEST: usize = 256;
    let word = word.to_lowercase();
    let length = word.chars().count();
    if length == 0 || length > LONGEST {
        return None;
    }
    let limit = (length / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for candidate in of {
        if candidate.chars().count().abs_diff(length) > limit {
            continue;
        }
        let distance = strsim::damerau_levenshtein(&word, &candidate.to_lowercase());
        if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn near_words_only_and_the_first_of_equals() {
        let known = ["workloads", "databases", "caches", "env", "dev"];
        assert_eq!(nearest("workload", known), Some("workloads"));
        assert_eq!(nearest("wrokloads", known), Some("workloads"));
        assert_eq!(nearest("WORKLOADS", known), Some("workloads"));
        assert_eq!(nearest("database", known), Some("databases"));
        assert_eq!(nearest("xev", known), Some("dev"));
        assert_eq!(nearest("ev", ["env", "dev"]), Some("env"), "the first of two equally near");
        assert_eq!(nearest("queues", known), None);
        assert_eq!(nearest("", known), None);
        assert_eq!(nearest(&"a".repeat(10_000), known), None);
    }
}
