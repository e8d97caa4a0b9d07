//! What an issuer's claims mean here. In: the claims of a token that was verified. Out: an entity and
//! scopes. Invariant: a claim, or a value, that the settings do not name gives nothing.

use indexmap::{IndexMap, IndexSet};
use serde_json::{Map, Value};

use crate::{
    auth::{Clearance, is_entity_code, is_scope, with_implied},
    config::{ClaimRule, Mapping, Texts},
};

/// What scopes of clearances begin with.
const CLEARANCES: &str = "clearance:";

/// The mapping of one issuer, checked.
#[derive(Debug)]
pub(super) struct ClaimMapping {
    entity: Option<Rule>,
    clearance: Option<Rule>,
    scopes: Vec<Rule>,
    roles: Vec<Rule>,
    /// The scopes of each role.
    of_role: IndexMap<String, Vec<String>>,
}

#[derive(Debug)]
struct Rule {
    claim: String,
    prefix: Option<String>,
    values: Option<IndexMap<String, Vec<String>>>,
}

impl ClaimMapping {
    /// Checks the settings; the error says what is wrong and under which key.
    pub(super) fn new(mapping: &Mapping, roles: &IndexMap<String, Texts>) -> Result<Self, String> {
        let read = |rules: &[ClaimRule]| rules.iter().map(Rule::new).collect::<Vec<_>>();
        let this = Self {
            entity: mapping.entity.as_ref().map(Rule::new),
            clearance: mapping.clearance.as_ref().map(Rule::new),
            scopes: read(&mapping.scopes),
            roles: read(&mapping.roles),
            of_role: roles
                .iter()
                .map(|(role, scopes)| (role.clone(), scopes.0.clone()))
                .collect(),
        };
        this.check()?;
        Ok(this)
    }

    fn check(&self) -> Result<(), String> {
        for code in self.entity.iter().flat_map(Rule::given) {
            if !is_entity_code(code) {
                return Err(format!(
                    "`mapping.entity`: `{code}` is no entity code; write capitals, digits and \
                     underscores, such as OHCHR"
                ));
            }
        }
        for level in self.clearance.iter().flat_map(Rule::given) {
            if clearance(level).is_none() {
                return Err(format!(
                    "`mapping.clearance`: `{level}` is none; write `confidential` or \
                     `strictly-confidential`"
                ));
            }
        }
        for scope in self.scopes.iter().flat_map(Rule::given) {
            check_scope(scope).map_err(|error| format!("`mapping.scopes`: {error}"))?;
        }
        for (role, scopes) in &self.of_role {
            for scope in scopes {
                check_scope(scope).map_err(|error| format!("`auth.roles.{role}`: {error}"))?;
            }
        }
        for role in self.roles.iter().flat_map(Rule::given) {
            if !self.of_role.contains_key(role) {
                return Err(format!(
                    "`mapping.roles`: there is no role `{role}` in `auth.roles`"
                ));
            }
        }
        Ok(())
    }

    /// The code of the caller's entity, if the claims have one.
    pub(super) fn entity(&self, claims: &Map<String, Value>) -> Option<String> {
        let rule = self.entity.as_ref()?;
        let codes: IndexSet<String> = rule.apply(claims, false);
        // More than one would leave open for whom the caller speaks.
        match codes.into_iter().collect::<Vec<_>>().as_mut_slice() {
            [code] if is_entity_code(code) => Some(std::mem::take(code)),
            _ => None,
        }
    }

    /// The caller's scopes, those of roles and the clearance included.
    pub(super) fn scopes(&self, claims: &Map<String, Value>) -> IndexSet<String> {
        let levels = self
            .clearance
            .iter()
            .flat_map(|rule| rule.apply(claims, false));
        let levels = levels.filter_map(|level| clearance(&level));
        let mut scopes: IndexSet<String> = levels.map(|level| level.scope().to_owned()).collect();
        for rule in &self.scopes {
            let given = rule.apply(claims, true).into_iter();
            // A prefix names no clearance; a table of values does.
            let named = rule.values.is_some();
            scopes.extend(
                given.filter(|scope| is_scope(scope) && (named || !scope.starts_with(CLEARANCES))),
            );
        }
        let roles = self.roles.iter().flat_map(|rule| rule.apply(claims, true));
        for role in roles {
            let of_role = self.of_role.get(&role).into_iter().flatten();
            scopes.extend(of_role.cloned());
        }
        with_implied(scopes)
    }
}

fn clearance(level: &str) -> Option<Clearance> {
    match level {
        "confidential" => Some(Clearance::Confidential),
        "strictly-confidential" => Some(Clearance::StrictlyConfidential),
        _ => None,
    }
}

fn check_scope(scope: &str) -> Result<(), String> {
    if !is_scope(scope) {
        return Err(format!(
            "`{scope}` is no scope; write it without spaces or quotes, such as `registry:publish`"
        ));
    }
    match Clearance::nearly(scope) {
        Some(meant) => Err(format!(
            "`{scope}` is no clearance; did you mean `{}`?",
            meant.scope()
        )),
        None => Ok(()),
    }
}

impl Rule {
    fn new(rule: &ClaimRule) -> Self {
        let values = rule.values.as_ref();
        Self {
            claim: rule.claim.clone(),
            prefix: rule.prefix.clone(),
            values: values.map(|values| {
                let values = values.iter();
                values
                    .map(|(value, given)| (value.clone(), given.0.clone()))
                    .collect()
            }),
        }
    }

    /// All that its table gives.
    fn given(&self) -> impl Iterator<Item = &str> {
        let tables = self.values.iter().flat_map(IndexMap::values);
        tables.flatten().map(String::as_str)
    }

    /// What the claims give by this rule; with `parts`, a text is parted at its spaces, as in `scope`.
    fn apply(&self, claims: &Map<String, Value>, parts: bool) -> IndexSet<String> {
        let mut given = IndexSet::new();
        for text in texts_of(find(claims, &self.claim), parts) {
            let text = match &self.prefix {
                Some(prefix) => match text.strip_prefix(prefix.as_str()) {
                    Some(rest) => rest,
                    None => continue,
                },
                None => text,
            };
            match &self.values {
                Some(values) => given.extend(values.get(text).into_iter().flatten().cloned()),
                None => {
                    given.insert(text.to_owned());
                }
            }
        }
        given
    }
}

/// A claim by its name, which may hold dots, or by a path of names. Where both are there, none is meant
/// for certain.
fn find<'c>(claims: &'c Map<String, Value>, path: &str) -> Option<&'c Value> {
    let nested = || {
        let (first, rest) = path.split_once('.')?;
        find(claims.get(first)?.as_object()?, rest)
    };
    match (claims.get(path), nested()) {
        (Some(_), Some(_)) => None,
        (named, nested) => named.or(nested),
    }
}

/// The texts of a claim; what is neither a text nor a list of texts has none.
fn texts_of(claim: Option<&Value>, parts: bool) -> Vec<&str> {
    match claim {
        Some(Value::String(text)) if parts => text.split_ascii_whitespace().collect(),
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}
