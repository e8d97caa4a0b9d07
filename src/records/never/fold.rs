//! Text as patterns compare it: digits, spaces, dashes and signs of other scripts become those of
//! ASCII, and marks that show nothing go, which files from telephones have around numbers.

use std::borrow::Cow;

/// The zeros of scripts; the other nine digits follow each.
const ZEROS: [char; 15] = [
    '\u{660}', '\u{6f0}', '\u{7c0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{be6}',
    '\u{c66}', '\u{d66}', '\u{e50}', '\u{ed0}', '\u{f20}', '\u{1040}', '\u{17e0}',
];

/// A text in the form that patterns are written for.
pub(super) fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter_map(folded).collect())
}

fn folded(character: char) -> Option<char> {
    let folded = match character {
        '\u{ad}'
        | '\u{61c}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{fe0f}'
        | '\u{feff}' => return None,
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => ' ',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' => '-',
        '\u{2018}' | '\u{2019}' | '\u{2032}' | '\u{2b9}' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{2033}' | '\u{2ba}' => '"',
        'º' | '˚' => '°',
        '٫' => '.',
        '،' | '、' => ',',
        // ASCII once more, as wide as ideographs.
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character)
        }
        '°' | '№' => character,
        _ if !character.is_ascii() && !character.is_alphanumeric() => ' ',
        _ => digit(character).unwrap_or(character),
    };
    Some(folded)
}

fn digit(character: char) -> Option<char> {
    let offset = |zero: char| u32::from(character).checked_sub(u32::from(zero));
    let value = ZEROS
        .into_iter()
        .filter_map(offset)
        .find(|value| *value < 10)?;
    char::from_digit(value, 10)
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn digits_and_signs_become_those_of_ascii() {
        assert_eq!(fold("+41\u{a0}22"), "+41 22");
        assert_eq!(fold("\u{202a}+٩٦٣\u{202c}"), "+963");
        assert_eq!(fold("০১৭ ९ ၉ ៩"), "017 9 9 9");
        assert_eq!(fold("＋４１＠"), "+41@");
        assert_eq!(fold("33º30′55″ 1–2"), "33°30'55\" 1-2");
        assert_eq!(fold("Côte d’Ambre, «阿维尼亚»"), "Côte d'Ambre,  阿维尼亚 ");
    }
}
