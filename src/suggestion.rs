//! Which of the known names was meant by one that is unknown: sources, fields, settings, columns.
//!
//! Levels of classification are compared differently (`auth::is_nearly`): there a name that is nearly
//! a level is refused, even where it is known otherwise.

/// Bytes of a name that is compared: the time it takes grows with the product of both lengths.
const MOST_BYTES: usize = 128;

/// The known name that is nearest to a text, without regard to case. None where none is near, and
/// where the nearest is the text itself.
pub(crate) fn nearest<'a>(text: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if text.len() > MOST_BYTES {
        return None;
    }
    let folded = text.to_lowercase();
    let known = known.into_iter().filter(|name| name.len() <= MOST_BYTES);
    let known = known.map(|name| {
        let distance = strsim::damerau_levenshtein(&folded, &name.to_lowercase());
        (distance, name)
    });
    let (distance, name) = known.min()?;
    (distance <= 1 + name.len() / 4 && name != text).then_some(name)
}

/// `; did you mean …?` where a known name is near.
pub(crate) fn did_you_mean<'a>(text: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(text, known)
        .map(|name| format!("; did you mean `{name}`?"))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_near_name_is_found() {
        let names = ["tents", "shelter", "Situation.status"];
        let find = |text: &str| nearest(text, names);
        assert_eq!(find("tnts"), Some("tents"));
        assert_eq!(find("TENTS"), Some("tents"));
        assert_eq!(find("Situation.statsu"), Some("Situation.status"));
        for other in ["tents", "huts", "", &"t".repeat(200)] {
            assert_eq!(find(other), None, "{other}");
        }
    }
}
