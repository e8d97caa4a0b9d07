//! A list of short texts in one column, spelt `|a|b|` so that `LIKE '%|a|%'` finds an element on
//! every database.

use std::{convert::Infallible, fmt, str::FromStr};

use sea_orm::DeriveValueType;

/// A list of texts, none of which is empty or holds a `|`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, DeriveValueType)]
#[sea_orm(value_type = "String", column_type = "Text")]
pub struct TextList(Vec<String>);

impl TextList {
    /// Its elements, in order.
    pub fn as_slice(&self) -> &[String] {
        &self.0
    }

    /// Gives its elements away.
    pub fn into_vec(self) -> Vec<String> {
        self.0
    }

    /// The `LIKE` pattern that finds the rows whose list holds `element`; `\` is its escape.
    pub fn like_pattern(element: &str) -> String {
        let mut pattern = String::from("%|");
        for character in element.chars() {
            if matches!(character, '%' | '_' | '\\') {
                pattern.push('\\');
            }
            pattern.push(character);
        }
        pattern.push_str("|%");
        pattern
    }
}

impl FromIterator<String> for TextList {
    /// Takes the elements apart at every `|`, trims them and leaves the empty ones out.
    fn from_iter<I: IntoIterator<Item = String>>(elements: I) -> Self {
        let mut list = Vec::new();
        for element in elements {
            let parts = element.split('|').map(str::trim);
            list.extend(parts.filter(|part| !part.is_empty()).map(str::to_owned));
        }
        Self(list)
    }
}

impl FromStr for TextList {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(std::iter::once(text.to_owned()).collect())
    }
}

impl fmt::Display for TextList {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return Ok(());
        }
        write!(formatter, "|{}|", self.0.join("|"))
    }
}

#[cfg(test)]
mod tests {
    use super::TextList;

    #[test]
    fn reads_what_it_wrote() {
        let list: TextList = ["rule of law", " water "]
            .map(String::from)
            .into_iter()
            .collect();
        assert_eq!(list.to_string(), "|rule of law|water|");
        assert_eq!(list.to_string().parse(), Ok(list));
        assert_eq!(TextList::default().to_string(), "");
        assert_eq!("".parse(), Ok(TextList::default()));
    }

    #[test]
    fn escapes_wildcards_in_a_pattern() {
        assert_eq!(TextList::like_pattern("50%_a"), r"%|50\%\_a|%");
    }
}
