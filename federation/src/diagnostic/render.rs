//! Diagnostics as text with excerpts of the SDL, and as JSON.

use std::fmt::Write;

use serde_json::{Value, json};

use super::{
    Diagnostic, Diagnostics, Label, Severity,
    source::{Position, Sources, line_at, position},
};

/// Longest excerpt of a line, in characters.
const EXCERPT: usize = 120;

impl Diagnostics {
    /// For people: each with its code, places, excerpts and help.
    pub fn to_text(&self, sources: &Sources<'_>) -> String {
        let texts: Vec<_> = self
            .iter()
            .map(|diagnostic| diagnostic.to_text(sources))
            .collect();
        texts.join("\n")
    }

    /// For tools: a list of objects with `code`, `severity`, `message`, `labels` and `help`.
    pub fn to_json(&self, sources: &Sources<'_>) -> Value {
        self.iter()
            .map(|diagnostic| diagnostic.to_json(sources))
            .collect()
    }
}

impl Diagnostic {
    /// For people.
    pub fn to_text(&self, sources: &Sources<'_>) -> String {
        let mut text = format!(
            "{}[{}]: {}\n",
            self.code.severity(),
            self.code,
            self.message
        );
        for label in &self.labels {
            write_label(&mut text, label, sources);
        }
        if let Some(help) = &self.help {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "  = help: {help}");
        }
        text
    }

    /// For tools.
    pub fn to_json(&self, sources: &Sources<'_>) -> Value {
        let labels: Vec<_> = self
            .labels
            .iter()
            .map(|label| label_json(label, sources))
            .collect();
        json!({
            "code": self.code.as_str(),
            "severity": self.code.severity().to_string(),
            "message": self.message,
            "labels": labels,
            "help": self.help,
        })
    }
}

fn write_label(text: &mut String, label: &Label, sources: &Sources<'_>) {
    let source = sources.find(&label.subgraph);
    let (Some(source), Some(span)) = (source, &label.span) else {
        let _ = writeln!(text, "  --> {}: {}", label.subgraph, label.text);
        return;
    };
    let start = position(source, span.start);
    let line = line_at(source, span.start);
    let number = start.line.to_string();
    let margin = " ".repeat(number.len());
    let excerpt = Excerpt::of(line, start.column - 1);
    let selected = source.get(span.clone()).unwrap_or_default();
    let selected = selected.lines().next().unwrap_or_default().chars().count();
    let carets = selected.clamp(1, EXCERPT.saturating_sub(excerpt.before).max(1));
    let (indent, carets) = (" ".repeat(excerpt.before), "^".repeat(carets));
    let Position { line, column } = start;
    let _ = writeln!(text, "{margin} --> {}:{line}:{column}", label.subgraph);
    let _ = writeln!(text, "{margin} |");
    let _ = writeln!(text, "{number} | {}", excerpt.shown);
    let _ = writeln!(text, "{margin} | {indent}{carets} {}", label.text);
}

/// As much of a line as is shown.
struct Excerpt {
    shown: String,
    /// Characters shown before the place.
    before: usize,
}

impl Excerpt {
    // A long line is shown from a little before the place on.
    fn of(line: &str, column: usize) -> Self {
        let is_long = line.chars().count() > EXCERPT;
        let skipped = if is_long {
            column.saturating_sub(EXCERPT / 3)
        } else {
            0
        };
        let mark = if skipped > 0 { "…" } else { "" };
        let rest = line.chars().skip(skipped).take(EXCERPT).map(plain);
        Self {
            shown: mark.chars().chain(rest).collect(),
            before: column - skipped + mark.chars().count(),
        }
    }
}

// Control characters of foreign SDL must not reach a terminal.
fn plain(character: char) -> char {
    if character.is_control() {
        ' '
    } else {
        character
    }
}

fn label_json(label: &Label, sources: &Sources<'_>) -> Value {
    let place = sources.find(&label.subgraph).zip(label.span.as_ref());
    json!({
        "subgraph": label.subgraph,
        "text": label.text,
        "start": place.map(|(source, span)| position(source, span.start)),
        "end": place.map(|(source, span)| position(source, span.end)),
    })
}

impl std::fmt::Display for Severity {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;

    const SDL: &str = "type Query {\n  a: Int\n}\n";

    fn one() -> Diagnostic {
        Diagnostic::new(Code::KeyInvalidFields, "Wrong.")
            .with_label(Label {
                subgraph: "s".to_owned(),
                span: Some(15..21),
                text: "here".to_owned(),
            })
            .with_help("Correct it.")
    }

    #[test]
    fn shows_where() {
        let expected = "error[KEY_INVALID_FIELDS]: Wrong.\n  --> s:2:3\n  |\n2 |   a: Int\n  |   ^^^^^^ here\n  = help: Correct it.\n";
        assert_eq!(one().to_text(&[("s", SDL)].into_iter().collect()), expected);
    }

    #[test]
    fn cuts_long_lines() {
        let sdl = format!("{}field: Int", " ".repeat(500));
        let label = Label {
            subgraph: "s".to_owned(),
            span: Some(500..505),
            text: "here".to_owned(),
        };
        let diagnostic = Diagnostic::new(Code::KeyInvalidFields, "Wrong.").with_label(label);
        let text = diagnostic.to_text(&[("s", sdl.as_str())].into_iter().collect());
        let lines: Vec<_> = text.lines().collect();
        let at = lines[3].chars().position(|next| next == 'f');
        let caret = lines[4].chars().position(|next| next == '^');
        assert_eq!(at, caret, "{text}");
        assert!(lines[3].chars().count() < 70, "{text}");
    }

    #[test]
    fn speaks_json() {
        let json = one().to_json(&[("s", SDL)].into_iter().collect());
        assert_eq!(
            json["labels"][0]["start"],
            json!({ "line": 2, "column": 3 })
        );
        assert_eq!(json["severity"], "error");
    }

    #[test]
    fn does_without_sources() {
        assert!(one().to_text(&Sources::default()).contains("--> s: here"));
    }
}
