//! Finds a known name that is close to an unknown one ("Did you mean").

/// Longer names are not compared: the steps are the product of both lengths.
const MOST_CHARACTERS: usize = 100;

/// The closest of some names, if any is close enough.
pub(crate) fn did_you_mean<'a>(
    unknown: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let length = unknown.chars().count();
    if length > MOST_CHARACTERS {
        return None;
    }
    let threshold = (length * 2 / 5 + 1).min(length.saturating_sub(1));
    known
        .into_iter()
        .filter(|name| name.len() <= MOST_CHARACTERS)
        .map(|name| (distance(unknown, name), name))
        .filter(|(distance, _)| *distance <= threshold)
        .min()
        .map(|(_, name)| name)
}

// Levenshtein, with a difference in case alone counted as one.
fn distance(a: &str, b: &str) -> usize {
    if a.eq_ignore_ascii_case(b) {
        return 1;
    }
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (at, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (column, to) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(from != *to);
            diagonal = row[column + 1];
            row[column + 1] = substituted.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_closest() {
        let known = ["@key", "@requires", "@requiresScopes", "@tag"];
        assert_eq!(did_you_mean("@require", known), Some("@requires"));
        assert_eq!(did_you_mean("@KEY", known), Some("@key"));
        assert_eq!(did_you_mean("@interfaceObject", known), None);
    }
}
