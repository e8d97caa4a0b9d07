//! What is wrong with settings, in words that need no knowledge of the program.

use figment::{
    error::{Actual, Kind},
    value::{Dict, Value},
};

use crate::suggestion::nearest;

/// What is said of a text that is no address to listen at.
pub(super) const ADDRESS_EXPECTED: &str =
    "an address and a port were expected, such as 127.0.0.1:4000";

/// One error: which key, what is wrong with it, where it is and what may be meant. `defaults` holds
/// the keys there are.
pub(super) fn explain(error: &figment::Error, defaults: &Dict) -> String {
    let is_variable = (error.metadata.as_ref())
        .is_some_and(|metadata| metadata.name.contains("environment variable"));
    let place = match &error.metadata {
        Some(_) if is_variable => " (in the environment, `UPFRONT_…`)".to_owned(),
        Some(metadata) => {
            let source = metadata.source.as_ref().map(ToString::to_string);
            format!(
                " (in {})",
                source.unwrap_or_else(|| metadata.name.to_string())
            )
        }
        None => String::new(),
    };
    let path = error.path.join(".");
    match &error.kind {
        Kind::UnknownField(key, known) => {
            let full = if path.is_empty() { key } else { &path };
            let above = path.rsplit_once('.').map(|(above, _)| above);
            let meant = match above {
                None => find_in_table(key, defaults).map(|(table, name)| {
                    if is_variable {
                        format!("UPFRONT_{}__{}", upper(table), upper(&name))
                    } else {
                        format!("{table}.{name}")
                    }
                }),
                Some(_) => None,
            };
            let meant = meant.or_else(|| {
                let nearest = nearest(key, known.iter().copied())?;
                Some(above.map_or_else(|| nearest.to_owned(), |above| format!("{above}.{nearest}")))
            });
            let meant = meant.map(|meant| format!("; did you mean `{meant}`?"));
            format!(
                "there is no key `{full}`{place}{}",
                meant.unwrap_or_default()
            )
        }
        kind if path.is_empty() => format!("{}{place}", say(kind)),
        kind => format!("`{path}`: {}{place}", say(kind)),
    }
}

/// What `limits_depth` stands for: a table and a key of it.
fn find_in_table<'d>(key: &str, defaults: &'d Dict) -> Option<(&'d str, String)> {
    defaults.iter().find_map(|(table, value)| {
        let Value::Dict(_, keys) = value else {
            return None;
        };
        let rest = key.strip_prefix(table.as_str())?.strip_prefix('_')?;
        let names = || keys.keys().map(String::as_str);
        let exact = names().find(|name| *name == rest);
        let name = exact.or_else(|| nearest(rest, names()))?;
        Some((table.as_str(), name.to_owned()))
    })
}

fn upper(key: &str) -> String {
    key.to_uppercase()
}

fn say(kind: &Kind) -> String {
    match kind {
        Kind::InvalidType(found, wanted) | Kind::InvalidValue(found, wanted) => {
            format!("{} was expected, not {}", name_of(wanted), shown(found))
        }
        Kind::UnknownVariant(found, known) => {
            let known: Vec<_> = known.iter().map(|one| format!("`{one}`")).collect();
            let choice = match known.split_last() {
                Some((last, [])) => last.clone(),
                Some((last, others)) => format!("{} or {last}", others.join(", ")),
                None => "nothing".to_owned(),
            };
            format!("{choice} was expected, not `{found}`")
        }
        Kind::Message(text) if text.contains("socket address") => ADDRESS_EXPECTED.to_owned(),
        other => other.to_string(),
    }
}

/// What a setting has to be.
fn name_of(wanted: &str) -> &str {
    match wanted {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number that is not negative",
        "a boolean" => "`true` or `false`",
        "a string" => "a text",
        "path string" => "a path",
        "a sequence" => "a list",
        "a map" => "a table of keys",
        other if other.starts_with("struct ") => "a table of keys",
        other => other,
    }
}

/// What stands there instead.
fn shown(found: &Actual) -> String {
    match found {
        Actual::Bool(value) => format!("`{value}`"),
        Actual::Unsigned(value) => format!("`{value}`"),
        Actual::Signed(value) => format!("`{value}`"),
        Actual::Float(value) => format!("`{value}`"),
        Actual::Char(value) => format!("the text `{value}`"),
        Actual::Str(value) => format!("the text `{value}`"),
        Actual::Seq => "a list".to_owned(),
        Actual::Map => "a table".to_owned(),
        Actual::Unit | Actual::Option => "nothing".to_owned(),
        other => other.to_string(),
    }
}
