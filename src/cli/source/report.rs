//! What the registry found, for people.

use std::fmt::Write;

use serde_json::Value;

/// Characters of an operation's id that are shown.
const ID_SHOWN: usize = 12;

/// Fields of everything that [`written`] tells of a check.
pub(super) const FINDINGS: &str = "refusals { code coordinate message help } \
    diagnostics { severity code message help places } \
    expelled { source reason } changes { class kind coordinate message \
    operations { id name requests lastSeenOn clients { name version requests } } }";

/// Fields of a change of the joint schema.
pub(super) const CHANGE: &str = "done supergraph { number } warnings \
    refusals { code coordinate message help } \
    diagnostics { severity code message help places } \
    expelled { source reason } changes { class kind coordinate message \
    operations { id name requests lastSeenOn clients { name version requests } } }";

/// Fields of a check that [`written`] tells beside.
pub(super) const WRITES: &str = "writes { coordinate needs }";

/// Refusals, diagnostics, changes and ways to write, one after the other; `is_done` where what was
/// found has happened.
pub(super) fn written(findings: &Value, is_done: bool) -> String {
    let mut text = String::new();
    for refusal in list(findings, "refusals") {
        let place = refusal["coordinate"].as_str().unwrap_or("the source");
        let _ = writeln!(text, "refused [{}] {place}", string(refusal, "code"));
        let _ = writeln!(text, "  {}", string(refusal, "message"));
        let _ = writeln!(text, "  help: {}", string(refusal, "help"));
    }
    for diagnostic in list(findings, "diagnostics") {
        let (severity, code) = (string(diagnostic, "severity"), string(diagnostic, "code"));
        let _ = writeln!(
            text,
            "{severity} [{code}] {}",
            string(diagnostic, "message")
        );
        for place in list(diagnostic, "places") {
            let _ = writeln!(text, "  --> {}", place.as_str().unwrap_or_default());
        }
        if let Some(help) = diagnostic["help"].as_str() {
            let _ = writeln!(text, "  help: {help}");
        }
    }
    for change in list(findings, "changes") {
        let class = string(change, "class").to_lowercase();
        let _ = writeln!(text, "{class}: {}", string(change, "message"));
        for operation in list(change, "operations") {
            write_operation(&mut text, operation);
        }
    }
    for write in list(findings, "writes") {
        let (coordinate, needs) = (string(write, "coordinate"), string(write, "needs"));
        let _ = writeln!(
            text,
            "opens a way to write: `{coordinate}`, which needs {needs}"
        );
    }
    let has_changes = list(findings, "changes").next().is_some();
    let mut refusals = list(findings, "refusals");
    if !has_changes && refusals.any(|refusal| string(refusal, "code") == "DOES_NOT_COMPOSE") {
        let _ = writeln!(
            text,
            "The changes were not worked out, since it does not compose."
        );
    }
    let expelled = if is_done {
        "expelled"
    } else {
        "would be expelled"
    };
    for each in list(findings, "expelled") {
        let (source, reason) = (string(each, "source"), string(each, "reason"));
        let _ = writeln!(text, "{expelled}: `{source}`, since {reason}");
    }
    for warning in list(findings, "warnings") {
        let _ = writeln!(text, "warning: {}", warning.as_str().unwrap_or_default());
    }
    text
}

fn write_operation(text: &mut String, operation: &Value) {
    let name = match operation["name"].as_str() {
        Some(name) => name.to_owned(),
        // Others have no name either: what its signature is known by tells it apart.
        None => {
            let id: String = string(operation, "id").chars().take(ID_SHOWN).collect();
            format!("an operation without a name ({id}…)")
        }
    };
    let requests = operation["requests"].as_i64().unwrap_or_default();
    let last = string(operation, "lastSeenOn");
    let requests = times(requests);
    let _ = writeln!(text, "  used by {name}: {requests}, last on {last}");
    for client in list(operation, "clients") {
        let name = match string(client, "name") {
            "" => "a client that sends no name",
            name => name,
        };
        let version = match string(client, "version") {
            "" => String::new(),
            version => format!(" {version}"),
        };
        let requests = times(client["requests"].as_i64().unwrap_or_default());
        let _ = writeln!(text, "    {name}{version}: {requests}");
    }
}

fn times(count: i64) -> String {
    match count {
        1 => "once".to_owned(),
        count => format!("{count} times"),
    }
}

/// A list in an answer; nothing where it is null.
pub(super) fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value[key].as_array().into_iter().flatten()
}

/// A text in an answer; empty where it is null.
pub(super) fn string<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn operations_without_a_name_are_told_apart() {
        let of =
            |id: &str| json!({ "id": id, "name": null, "requests": 1, "lastSeenOn": "2026-11-01" });
        let findings = json!({ "changes": [{
            "class": "BREAKING",
            "message": "`Tents.beds` was removed.",
            "operations": [of("0123456789abcdef"), of("fedcba9876543210")],
        }] });
        let text = written(&findings, false);
        assert!(
            text.contains("used by an operation without a name (0123456789ab…): once"),
            "{text}"
        );
        assert!(text.contains("(fedcba987654…)"), "{text}");
    }
}
