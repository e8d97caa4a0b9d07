//! Converts the answer to introspection into SDL.

use std::fmt::Write;

use apollo_compiler::ast::{Definition, Document};
use indexmap::IndexSet;
use serde::Deserialize;
use serde_json::Value;

/// Types and fields looked at; more is refused.
const MOST_TYPES: usize = 5_000;

/// Asks which of the newer parts of introspection a server knows.
pub const PROBE: &str = "query Probe { type: __type(name: \"__Type\") { ...Known } \
    field: __type(name: \"__Field\") { ...Known } input: __type(name: \"__InputValue\") { ...Known } } \
    fragment Known on __Type { fields { name args { name } } }";

/// Newer parts of introspection that a server knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Features {
    /// `__Type.isOneOf`.
    is_one_of: bool,
    /// `__Type.specifiedByURL`.
    specified_by: bool,
    /// Deprecated arguments and input fields, on demand.
    deprecated_inputs: bool,
}

impl Features {
    /// Reads the answer (`data`) to the probe.
    pub fn of(probed: &Value) -> Self {
        let find = |ty: &str, field: &str| {
            let fields = probed[ty]["fields"].as_array();
            let mut fields = fields.into_iter().flatten();
            fields.find(|each| each["name"] == field)
        };
        let lists_deprecated = |ty: &str, field: &str| {
            let arguments = find(ty, field).and_then(|field| field["args"].as_array());
            let mut arguments = arguments.into_iter().flatten();
            arguments.any(|argument| argument["name"] == "includeDeprecated")
        };
        Self {
            is_one_of: find("type", "isOneOf").is_some(),
            specified_by: find("type", "specifiedByURL").is_some(),
            deprecated_inputs: lists_deprecated("type", "inputFields")
                && lists_deprecated("field", "args")
                && find("input", "isDeprecated").is_some()
                && find("input", "deprecationReason").is_some(),
        }
    }
}

/// The question that a server with some features understands. Types nest up to seven wrappers deep,
/// as in other tools' questions.
pub fn question(features: Features) -> String {
    let when = |is_known: bool, text: &'static str| if is_known { text } else { "" };
    let one_of = when(features.is_one_of, "isOneOf");
    let specified_by = when(features.specified_by, "specifiedByURL");
    let all = when(features.deprecated_inputs, "(includeDeprecated: true)");
    let deprecated = when(features.deprecated_inputs, "isDeprecated deprecationReason");
    format!(
        "query Introspection {{ __schema {{ queryType {{ name }} mutationType {{ name }} \
         types {{ kind name description {one_of} {specified_by} \
         fields(includeDeprecated: true) {{ name description isDeprecated deprecationReason \
         args{all} {{ ...Input }} type {{ ...Ref }} }} inputFields{all} {{ ...Input }} \
         interfaces {{ name }} \
         enumValues(includeDeprecated: true) {{ name description isDeprecated deprecationReason }} \
         possibleTypes {{ name }} }} }} }} \
         fragment Input on __InputValue {{ name description defaultValue {deprecated} \
         type {{ ...Ref }} }} \
         fragment Ref on __Type {{ kind name ofType {{ kind name ofType {{ kind name \
         ofType {{ kind name ofType {{ kind name ofType {{ kind name ofType {{ kind name \
         ofType {{ kind name }} }} }} }} }} }} }} }}"
    )
}

#[derive(Deserialize)]
struct Data {
    #[serde(rename = "__schema")]
    schema: SchemaInfo,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SchemaInfo {
    query_type: Named,
    mutation_type: Option<Named>,
    types: Vec<TypeInfo>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TypeInfo {
    kind: String,
    name: String,
    description: Option<String>,
    fields: Option<Vec<FieldInfo>>,
    input_fields: Option<Vec<InputInfo>>,
    interfaces: Option<Vec<Named>>,
    enum_values: Option<Vec<EnumValueInfo>>,
    possible_types: Option<Vec<Named>>,
    is_one_of: Option<bool>,
    #[serde(rename = "specifiedByURL")]
    specified_by_url: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FieldInfo {
    name: String,
    description: Option<String>,
    args: Vec<InputInfo>,
    #[serde(rename = "type")]
    ty: Reference,
    is_deprecated: Option<bool>,
    deprecation_reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct InputInfo {
    name: String,
    description: Option<String>,
    default_value: Option<String>,
    #[serde(rename = "type")]
    ty: Reference,
    is_deprecated: Option<bool>,
    deprecation_reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EnumValueInfo {
    name: String,
    description: Option<String>,
    is_deprecated: Option<bool>,
    deprecation_reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reference {
    kind: String,
    name: Option<String>,
    of_type: Option<Box<Self>>,
}

impl Reference {
    fn to_sdl(&self) -> Option<String> {
        let inner = || self.of_type.as_ref().and_then(|inner| inner.to_sdl());
        match self.kind.as_str() {
            "NON_NULL" => Some(format!("{}!", inner()?)),
            "LIST" => Some(format!("[{}]", inner()?)),
            _ => self.name.clone(),
        }
    }
}

/// The SDL of an introspected schema (`data` of the answer), or a sentence on why there is none.
/// Subscriptions and what is returned twice are left out.
pub fn sdl_of(data: &Value) -> Result<String, String> {
    let Data { schema } = Data::deserialize(data)
        .map_err(|error| format!("the answer to introspection is not complete: {error}"))?;
    if schema.types.len() > MOST_TYPES {
        return Err(format!("the schema has more than {MOST_TYPES} types"));
    }
    let mut sdl = format!("schema {{\n  query: {}\n", schema.query_type.name);
    if let Some(mutation) = &schema.mutation_type {
        let _ = writeln!(sdl, "  mutation: {}", mutation.name);
    }
    sdl.push_str("}\n");
    let mut seen = IndexSet::new();
    for ty in schema.types.iter().filter(|ty| seen.insert(&ty.name)) {
        let is_built_in = ty.name.starts_with("__")
            || ["Boolean", "Float", "ID", "Int", "String"].contains(&ty.name.as_str());
        if !is_built_in {
            write_type(&mut sdl, ty).ok_or_else(|| {
                format!(
                    "what introspection returns of `{}` cannot be understood",
                    ty.name
                )
            })?;
        }
    }
    Ok(sdl)
}

fn write_type(sdl: &mut String, ty: &TypeInfo) -> Option<()> {
    sdl.push('\n');
    describe(sdl, "", ty.description.as_deref());
    let keyword = match ty.kind.as_str() {
        "SCALAR" => "scalar",
        "OBJECT" => "type",
        "INTERFACE" => "interface",
        "UNION" => "union",
        "ENUM" => "enum",
        "INPUT_OBJECT" => "input",
        _ => return None,
    };
    let _ = write!(sdl, "{keyword} {}", ty.name);
    let interfaces = ty
        .interfaces
        .iter()
        .flatten()
        .map(|each| each.name.as_str());
    let interfaces: Vec<_> = interfaces.collect();
    if !interfaces.is_empty() {
        let _ = write!(sdl, " implements {}", interfaces.join(" & "));
    }
    if ty.is_one_of == Some(true) {
        sdl.push_str(" @oneOf");
    }
    if let Some(url) = &ty.specified_by_url {
        let _ = write!(sdl, " @specifiedBy(url: {})", quoted(url));
    }
    match keyword {
        "union" => {
            let members = ty
                .possible_types
                .iter()
                .flatten()
                .map(|each| each.name.as_str());
            let members: Vec<_> = members.collect();
            let _ = write!(sdl, " = {}", members.join(" | "));
        }
        "scalar" => {}
        _ => {
            sdl.push_str(" {\n");
            for field in ty.fields.iter().flatten() {
                write_field(sdl, field)?;
            }
            for field in ty.input_fields.iter().flatten() {
                describe(sdl, "  ", field.description.as_deref());
                let _ = writeln!(sdl, "  {}", input(field)?);
            }
            for value in ty.enum_values.iter().flatten() {
                describe(sdl, "  ", value.description.as_deref());
                let _ = write!(sdl, "  {}", value.name);
                deprecate(
                    sdl,
                    value.is_deprecated,
                    value.deprecation_reason.as_deref(),
                );
                sdl.push('\n');
            }
            sdl.push('}');
        }
    }
    sdl.push('\n');
    Some(())
}

fn write_field(sdl: &mut String, field: &FieldInfo) -> Option<()> {
    describe(sdl, "  ", field.description.as_deref());
    let _ = write!(sdl, "  {}", field.name);
    if !field.args.is_empty() {
        let arguments: Option<Vec<_>> = field.args.iter().map(input).collect();
        let _ = write!(sdl, "({})", arguments?.join(", "));
    }
    let _ = write!(sdl, ": {}", field.ty.to_sdl()?);
    deprecate(
        sdl,
        field.is_deprecated,
        field.deprecation_reason.as_deref(),
    );
    sdl.push('\n');
    Some(())
}

fn input(input: &InputInfo) -> Option<String> {
    let ty = input.ty.to_sdl()?;
    let mut sdl = format!("{}: {ty}", input.name);
    let default = input.default_value.as_deref();
    if let Some(value) = default.filter(|value| is_value(value)) {
        let _ = write!(sdl, " = {value}");
    } else if input.ty.kind == "NON_NULL" {
        // What is required cannot be deprecated.
        return Some(sdl);
    }
    deprecate(
        &mut sdl,
        input.is_deprecated,
        input.deprecation_reason.as_deref(),
    );
    Some(sdl)
}

/// Whether a text is a GraphQL value: some servers write defaults in another language. Without one
/// the server still has its default, for operations that leave the argument out.
fn is_value(text: &str) -> bool {
    let document = Document::parse(format!("input I {{ f: T = {text} }}"), "default.graphql");
    let Ok(document) = document else {
        return false;
    };
    match document.definitions.as_slice() {
        [Definition::InputObjectTypeDefinition(input)] => input.fields.len() == 1,
        _ => false,
    }
}

fn describe(sdl: &mut String, indent: &str, text: Option<&str>) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        let _ = writeln!(sdl, "{indent}{}", quoted(text));
    }
}

fn deprecate(sdl: &mut String, is_deprecated: Option<bool>, reason: Option<&str>) {
    if is_deprecated == Some(true) {
        let reason = reason.unwrap_or("No longer supported");
        let _ = write!(sdl, " @deprecated(reason: {})", quoted(reason));
    }
}

/// A GraphQL string: JSON's escapes are its own.
fn quoted(text: &str) -> String {
    serde_json::Value::String(text.to_owned()).to_string()
}
