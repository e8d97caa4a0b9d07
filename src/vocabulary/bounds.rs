//! What a caller may hand in at most, so that no statement grows beyond what a database takes.

use async_graphql::Error;

use super::error::bad_input;

/// The most elements of one list in a filter.
const ELEMENTS: usize = 100;
/// The longest text to search for, in characters.
const CHARACTERS: usize = 200;

/// A list in a filter, or what is wrong with it.
pub fn few<T>(name: &str, list: Vec<T>) -> Result<Vec<T>, Error> {
    if list.len() <= ELEMENTS {
        return Ok(list);
    }
    Err(bad_input(format!(
        "`{name}` has {} elements: give at most {ELEMENTS}",
        list.len()
    )))
}

/// A text to search for, or what is wrong with it.
pub fn searchable(name: &str, text: String) -> Result<String, Error> {
    if text.contains('\0') {
        return Err(bad_input(format!(
            "`{name}` holds the character U+0000, which no text here does: leave it out"
        )));
    }
    if text.chars().count() > CHARACTERS {
        return Err(bad_input(format!(
            "`{name}` is longer than {CHARACTERS} characters: search for less"
        )));
    }
    Ok(text)
}

/// A list of texts to search for, or what is wrong with it.
pub fn few_texts(name: &str, list: Option<Vec<String>>) -> Result<Option<Vec<String>>, Error> {
    let check = |list| {
        let list = few(name, list)?.into_iter();
        list.map(|text| searchable(name, text)).collect()
    };
    list.map(check).transpose()
}

/// The terms of a filter as they are kept, or what is wrong with the list.
pub fn terms<T, K: From<T>>(name: &str, list: Option<Vec<T>>) -> Result<Option<Vec<K>>, Error> {
    let keep = |list| Ok(few(name, list)?.into_iter().map(K::from).collect());
    list.map(keep).transpose()
}
