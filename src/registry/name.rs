//! Names of sources.

use super::rules::{Refusal, RefusalCode};

const MOST_BYTES: usize = 63;

/// Names that would be mistaken for the service itself.
const RESERVED: [&str; 4] = ["upfront", "audit", "registry", "gateway"];

/// Which source has a name already.
#[derive(Clone, Copy, Debug)]
pub struct Taken<'a> {
    /// The name.
    pub name: &'a str,
    /// Code of the entity that answers for it.
    pub entity: &'a str,
    /// Whether it is an embedded source.
    pub is_embedded: bool,
}

/// Whether a text is written as the name of a source; one that is not may be anything.
pub fn is_name(text: &str) -> bool {
    let is_plain =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-".contains(&byte);
    text.len() <= MOST_BYTES
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.bytes().all(is_plain)
}

/// Whether an entity may publish under a name.
pub fn check<'a>(
    name: &str,
    entity: &str,
    taken: impl IntoIterator<Item = Taken<'a>>,
) -> Result<(), Refusal> {
    if !is_name(name) {
        return Err(Refusal::new(
            RefusalCode::NameInvalid,
            format!("`{}` is no name of a source.", shortened(name)),
            format!(
                "Use small letters, digits, `_` and `-`, at most {MOST_BYTES}, a letter first: \
                 `wfp_food_prices`."
            ),
        ));
    }
    if RESERVED.iter().any(|reserved| alike(reserved, name)) {
        return Err(Refusal::new(
            RefusalCode::NameReserved,
            format!("`{name}` is a name the service keeps for itself."),
            "Choose another name.",
        ));
    }
    for other in taken {
        if !alike(other.name, name) {
            continue;
        }
        if other.is_embedded {
            return Err(Refusal::new(
                RefusalCode::NameReserved,
                format!(
                    "`{name}` is the name of the embedded source `{}`.",
                    other.name
                ),
                format!(
                    "Choose another name, such as `{}_{name}`.",
                    entity.to_lowercase()
                ),
            ));
        }
        if other.entity != entity {
            return Err(Refusal::new(
                RefusalCode::NameTaken,
                format!("`{name}` is the name of a source of {}.", other.entity),
                format!(
                    "Choose another name, or ask {} to hand it over: `upfront source transfer \
                     --name {} --to {entity}`, which you accept with `upfront source accept`.",
                    other.entity, other.name
                ),
            ));
        }
        if other.name != name {
            return Err(Refusal::new(
                RefusalCode::NameTaken,
                format!(
                    "`{name}` differs from your source `{}` in a stroke only.",
                    other.name
                ),
                format!(
                    "Use `{}`, or a name that is not mistaken for it.",
                    other.name
                ),
            ));
        }
    }
    Ok(())
}

/// Whether an entity may have its types and root fields under a prefix: not under a prefix that
/// would be taken for another's name.
pub fn check_prefix<'a>(
    prefix: &str,
    entity: &str,
    taken: impl IntoIterator<Item = Taken<'a>>,
) -> Result<(), Refusal> {
    let is_alike = |name: &str| alike(&name.to_lowercase(), &prefix.to_lowercase());
    let refuse = |code, whose: String| {
        let instead = format!("{}_{prefix}", entity.to_lowercase());
        Err(Refusal::new(
            code,
            format!("The prefix `{prefix}` is {whose}."),
            format!("Give another one, such as `--prefix {instead}`."),
        ))
    };
    if RESERVED.iter().any(|reserved| is_alike(reserved)) {
        let whose = "a name the service keeps for itself".to_owned();
        return refuse(RefusalCode::NameReserved, whose);
    }
    for other in taken.into_iter().filter(|other| is_alike(other.name)) {
        if other.is_embedded {
            let whose = format!("the name of the embedded source `{}`", other.name);
            return refuse(RefusalCode::NameReserved, whose);
        }
        if other.entity != entity {
            let whose = format!("the name or the prefix of a source of {}", other.entity);
            return refuse(RefusalCode::NameTaken, whose);
        }
    }
    Ok(())
}

/// Names that differ only in `-` and `_` are the same: the supergraph writes both as `_`.
fn alike(one: &str, other: &str) -> bool {
    one.replace('-', "_") == other.replace('-', "_")
}

fn shortened(name: &str) -> String {
    let mut short: String = name.chars().take(MOST_BYTES + 1).collect();
    if short.len() < name.len() {
        short.push('…');
    }
    short.escape_debug().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(name: &str) -> Option<RefusalCode> {
        let taken = [
            ("srsg_svc", "SRSG_SVC", true),
            ("food_prices", "WFP", false),
            ("tents", "PARTNER", false),
        ];
        let taken = taken.map(|(name, entity, is_embedded)| Taken {
            name,
            entity,
            is_embedded,
        });
        check(name, "PARTNER", taken)
            .err()
            .map(|refusal| refusal.code)
    }

    #[test]
    fn names() {
        use RefusalCode::{NameInvalid, NameReserved, NameTaken};
        assert_eq!(code("shelter-2_x"), None);
        assert_eq!(code("tents"), None);
        for wrong in ["", "A", "1a", "_a", "a b", "ä", "a.b", &"a".repeat(64)] {
            assert_eq!(code(wrong), Some(NameInvalid), "{wrong}");
        }
        assert_eq!(code("srsg_svc"), Some(NameReserved));
        assert_eq!(code("srsg-svc"), Some(NameReserved));
        assert_eq!(code("upfront"), Some(NameReserved));
        assert_eq!(code("food-prices"), Some(NameTaken));
        assert_eq!(code("ten-ts"), None);
    }

    #[test]
    fn prefixes() {
        use RefusalCode::{NameReserved, NameTaken};
        let code = |prefix: &str| {
            let taken = [("srsg_svc", "SRSG_SVC", true), ("food", "WFP", false)];
            let taken = taken.map(|(name, entity, is_embedded)| Taken {
                name,
                entity,
                is_embedded,
            });
            let refusal = check_prefix(prefix, "PARTNER", taken).err();
            refusal.map(|refusal| refusal.code)
        };
        assert_eq!(code("foodPrices"), None);
        for reserved in ["upfront", "srsg_svc", "sRSG_SVC"] {
            assert_eq!(code(reserved), Some(NameReserved), "{reserved}");
        }
        assert_eq!(code("food"), Some(NameTaken));
    }
}
