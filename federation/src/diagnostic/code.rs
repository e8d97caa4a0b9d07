//! The published codes of composition and the severity that follows from each.

/// How much a diagnostic weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Composes, but is probably not meant.
    Warning,
    /// Does not compose.
    Error,
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])? $variant:ident = $text:literal, $severity:ident;)*) => {
        /// A published code. Its name, its text and its case folder agree.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[expect(missing_docs, reason = "the code's text says it")]
        pub enum Code { $($(#[doc = $doc])? $variant,)* }

        impl Code {
            /// Every code there is.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code as published.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// Errors forbid a supergraph, the rest are hints.
            pub fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }
        }
    };
}

codes! {
    InvalidGraphql = "INVALID_GRAPHQL", Error;
    SatisfiabilityError = "SATISFIABILITY_ERROR", Error;
}

impl std::fmt::Display for Code {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}
