//! Ids as clients see them: opaque, prefixed by type.

use async_graphql::{Error, ID};

use super::error::bad_input;

/// A type whose objects have an id. Who owns the type declares it, beside the records it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind {
    prefix: &'static str,
    name: &'static str,
}

const LONGEST: usize = 80;

impl Kind {
    /// `Situation`: what every mandate adds to.
    pub const SITUATION: Self = Self::new("sit", "Situation");

    /// A type by the prefix of its ids and its name. An id never changes its prefix.
    pub const fn new(prefix: &'static str, name: &'static str) -> Self {
        Self { prefix, name }
    }

    /// What its ids begin with, before the underscore.
    pub const fn prefix(self) -> &'static str {
        self.prefix
    }

    /// Name of the type in the graph.
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// The type of these that an id belongs to, or what is wrong with the id. That nothing has this
    /// id is not wrong: it must look like what the caller may not see.
    pub fn of(id: &str, kinds: impl IntoIterator<Item = Self>) -> Result<Self, Error> {
        let mut kinds = kinds.into_iter();
        kinds.find(|kind| kind.fits(id)).ok_or_else(|| {
            bad_input(format!(
                "`{}` is not an id: ids are taken as they stand from an answer and begin with the \
                 type, as in `sit_…`",
                excerpt(id)
            ))
        })
    }

    /// Checks that an id is one of this type.
    pub fn check(self, id: ID) -> Result<String, Error> {
        if self.fits(&id) {
            return Ok(id.0);
        }
        let Self { prefix, name } = self;
        let article = if name.starts_with(['A', 'E', 'I', 'O', 'U']) {
            "an"
        } else {
            "a"
        };
        Err(bad_input(format!(
            "`{}` is not the id of {article} {name}: such an id begins with `{prefix}_` and is taken as it \
             stands from an answer",
            excerpt(&id)
        )))
    }

    /// The id of this type that belongs to an id of another, in both directions: a block goes by
    /// the id of its situation. What else distinguishes blocks of one situation (nothing yet) has
    /// to go into the id with it, or a client would take the two for one.
    pub fn beside(self, id: &str) -> String {
        let rest = id.split_once('_').map_or(id, |(_, rest)| rest);
        format!("{}_{rest}", self.prefix)
    }

    /// Whether a text has the form of an id of this type.
    pub fn fits(self, id: &str) -> bool {
        let Some((prefix, rest)) = id.split_once('_') else {
            return false;
        };
        prefix == self.prefix
            && !rest.is_empty()
            && id.len() <= LONGEST
            && rest
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    }
}

/// The beginning of what was sent, short enough to be sent back.
pub(crate) fn excerpt(text: &str) -> String {
    const SHORT: usize = 40;
    if text.chars().count() <= SHORT {
        return text.to_owned();
    }
    text.chars().take(SHORT).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOCK: Kind = Kind::new("boh", "OhchrBlock");
    const OTHER_BLOCK: Kind = Kind::new("bsv", "SvcBlock");
    const AREA: Kind = Kind::new("are", "Area");

    #[test]
    fn a_block_and_its_situation_lead_to_each_other() {
        let block = BLOCK.beside("sit_4fq");
        assert_eq!(block, "boh_4fq");
        assert!(BLOCK.fits(&block));
        assert_eq!(Kind::SITUATION.beside(&block), "sit_4fq");
        assert_ne!(block, OTHER_BLOCK.beside("sit_4fq"));
    }

    #[test]
    fn another_type_or_another_form_is_refused_by_name() {
        let kinds = [Kind::SITUATION, AREA, BLOCK];
        assert!(Kind::SITUATION.check(ID("sit_4fq".into())).is_ok());
        assert_eq!(Kind::of("are_4fq", kinds).unwrap(), AREA);
        let message = Kind::SITUATION
            .check(ID("are_4fq".into()))
            .unwrap_err()
            .message;
        assert!(message.contains("not the id of a Situation"), "{message}");
        let long = format!("sit_{}", "a".repeat(100));
        for text in [
            "", "sit_", "sit", "XAA", "sit_§", "foo_WEFB", "sit_a b", &long,
        ] {
            let refused = Kind::of(text, kinds).unwrap_err();
            assert!(refused.message.contains("is not an id"), "{text}");
        }
    }
}
