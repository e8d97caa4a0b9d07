//! Plans as text and as JSON.

use std::fmt::Write as _;

use serde::Serialize;

use super::{
    EntityTarget, Fetch, FetchInput, Plan, PlanCost, RepresentationTypename, RepresentationValue,
    RepresentationVariant, ShapeId, Step,
};

/// A plan as tools read it.
#[derive(Clone, Debug, Serialize)]
pub struct PlanJson {
    /// Its numbers.
    #[serde(flatten)]
    pub cost: PlanCost,
    /// Its fetches, in order.
    pub plan: Vec<FetchJson>,
}

/// A fetch as tools read it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FetchJson {
    /// Its number.
    pub id: usize,
    /// The subgraph asked.
    pub subgraph: String,
    /// The fetches it waits for.
    pub depends_on: Vec<usize>,
    /// The fetch that it replaces, for objects whose inputs for that one cannot be sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<usize>,
    /// The document sent.
    pub document: String,
    /// The client's variables that are sent.
    pub variables: Vec<String>,
    /// Representation lists; none for root fields.
    pub entities: Vec<EntitiesJson>,
    /// Where root fields go that are asked for objects of the query type below the root.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub into: Vec<String>,
}

/// Objects that a fetch completes, as tools read them.
#[derive(Clone, Debug, Serialize)]
pub struct EntitiesJson {
    /// Where they stand in the answer.
    pub path: String,
    /// What is sent of each, by type.
    pub representations: Vec<String>,
}

impl Plan {
    /// The plan as JSON.
    pub fn to_json(&self) -> PlanJson {
        PlanJson {
            cost: self.cost,
            plan: self
                .fetches
                .iter()
                .enumerate()
                .map(|(id, fetch)| FetchJson {
                    id,
                    subgraph: fetch.subgraph_name.to_string(),
                    depends_on: fetch.depends_on.iter().map(|id| id.0 as usize).collect(),
                    instead_of: fetch.instead_of.map(|id| id.0 as usize),
                    document: fetch.document.to_string(),
                    variables: fetch.variables.iter().map(ToString::to_string).collect(),
                    entities: targets(fetch)
                        .map(|target| EntitiesJson {
                            path: self.path(&target.path),
                            representations: self.representations(target),
                        })
                        .collect(),
                    into: self.into(fetch),
                })
                .collect(),
        }
    }

    /// The plan as text: a line of numbers, then each fetch with what it waits for, the objects
    /// that it completes, and its document.
    pub fn to_text(&self) -> String {
        let cost = self.cost;
        let mut text = format!(
            "{} rounds, {} fetches, {} requests\n",
            cost.rounds, cost.fetches, cost.requests
        );
        for (id, fetch) in self.fetches.iter().enumerate() {
            let after: Vec<String> = fetch
                .depends_on
                .iter()
                .map(|id| format!("#{}", id.0))
                .collect();
            let after = if after.is_empty() {
                String::new()
            } else {
                format!(" after {}", after.join(" "))
            };
            // Writing to a string cannot fail.
            let instead = fetch.instead_of.map_or_else(String::new, |of| {
                format!(" of objects whose inputs for #{} failed", of.0)
            });
            let _ = writeln!(text, "#{id} {}{after}{instead}", fetch.subgraph_name);
            for target in targets(fetch) {
                let sent = self.representations(target).join(" | ");
                let _ = writeln!(text, "   {} by {sent}", self.path(&target.path));
            }
            for path in self.into(fetch) {
                let _ = writeln!(text, "   into {path}");
            }
            let _ = writeln!(text, "   {}", fetch.document);
        }
        text
    }

    fn into(&self, fetch: &Fetch) -> Vec<String> {
        match &fetch.input {
            FetchInput::RootBelow(_) => fetch
                .input
                .targets()
                .map(|(path, _)| self.path(path))
                .collect(),
            FetchInput::Root(_) | FetchInput::Entities(_) => Vec::new(),
        }
    }

    fn path(&self, steps: &[Step]) -> String {
        let mut shape = Some(ShapeId(0));
        let mut names = Vec::with_capacity(steps.len());
        for step in steps {
            let slot = shape.and_then(|shape| {
                let shape = self.shapes.get(shape.0 as usize)?;
                shape.slots.get(step.slot.0 as usize)?.as_deref()
            });
            let mut name = slot.map_or_else(|| format!("~{}", step.slot.0), str::to_owned);
            if let Some(only) = &step.only {
                let types: Vec<&str> = only.iter().map(|id| self.types.name(id)).collect();
                name = format!("({}).{name}", types.join("|"));
            }
            names.push(name);
            shape = shape.and_then(|shape| self.shape_below(shape, step.slot));
        }
        names.join(".")
    }

    fn representations(&self, target: &EntityTarget) -> Vec<String> {
        target
            .representation
            .iter()
            .map(|variant| self.variant(variant))
            .collect()
    }

    fn variant(&self, variant: &RepresentationVariant) -> String {
        let types = variant.types.as_ref().map(|types| {
            let names: Vec<&str> = types.iter().map(|id| self.types.name(id)).collect();
            names.join("|")
        });
        let name = match &variant.typename {
            RepresentationTypename::Runtime | RepresentationTypename::IfKnown => {
                types.unwrap_or_else(|| "*".to_owned())
            }
            RepresentationTypename::Name(name) => match types {
                Some(types) if *types != **name => format!("{types} as {name}"),
                _ => name.to_string(),
            },
            RepresentationTypename::Absent => String::new(),
        };
        let fields: Vec<String> = variant
            .fields
            .iter()
            .map(|field| match &field.value {
                RepresentationValue::Leaf(_) => field.name.to_string(),
                RepresentationValue::Object(variants) => {
                    let below: Vec<String> = variants
                        .iter()
                        .map(|variant| self.variant(variant))
                        .collect();
                    format!("{}{}", field.name, below.join("|"))
                }
            })
            .collect();
        format!("{name}{{{}}}", fields.join(" "))
    }
}

fn targets(fetch: &Fetch) -> impl Iterator<Item = &EntityTarget> {
    let lists = match &fetch.input {
        FetchInput::Root(_) | FetchInput::RootBelow(_) => &[],
        FetchInput::Entities(lists) => lists.as_slice(),
    };
    lists.iter().flat_map(|list| &list.targets)
}
