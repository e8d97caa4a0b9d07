//! A graph's subgraphs as SDL.

use std::{collections::BTreeSet, fmt::Write as _};

use federation::subgraph::SubgraphInput;

use crate::{
    model::{Base, ENUM_VALUES, Field, Kind, Model, Ty, TypeDef},
    parts::{self, Part},
};

const LINK: &str = r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.8", import: ["@key", "@shareable", "@external", "@requires", "@provides", "@override", "@interfaceObject", "@inaccessible", "@authenticated", "@requiresScopes", "@context", "@fromContext"])

"#;

/// The subgraphs.
pub(crate) fn emit(model: &Model) -> Vec<SubgraphInput> {
    let subgraph = |(at, name): (usize, &String)| SubgraphInput {
        name: name.clone(),
        url: format!("https://{name}.example.org/graphql"),
        sdl: sdl(model, at),
    };
    model.subgraphs.iter().enumerate().map(subgraph).collect()
}

fn sdl(model: &Model, subgraph: usize) -> String {
    let mut body = String::new();
    for (at, ty) in model.types.iter().enumerate() {
        if ty.presence.contains_key(&subgraph) {
            emit_type(model, subgraph, (at, ty), &mut body);
        }
    }
    if model.renamed_in.contains(&subgraph) {
        body = body.replace("Query", "Start");
        // Who names one root names all.
        let has_mutation = body.contains("type Mutation {");
        let mutation = if has_mutation {
            "mutation: Mutation "
        } else {
            ""
        };
        writeln!(body, "schema {{ query: Start {mutation}}}").expect("a string");
    }
    if body.contains("Colour") {
        writeln!(body, "enum Colour {{ {} }}", ENUM_VALUES.join(" ")).expect("a string");
    }
    format!("{LINK}{body}")
}

fn emit_type(model: &Model, subgraph: usize, (at, ty): (usize, &TypeDef), out: &mut String) {
    if ty.kind == Kind::Union {
        let present = ty.members.iter().map(|member| &model.types[*member]);
        let present = present.filter(|member| member.presence.contains_key(&subgraph));
        let names: Vec<&str> = present.map(|member| member.name.as_str()).collect();
        write!(out, "union {}", ty.name).expect("a string");
        emit_contexts(model, subgraph, at, out);
        writeln!(out, " = {}\n", names.join(" | ")).expect("a string");
        return;
    }
    let is_lender = ty.object_in.contains(&subgraph);
    let keyword = if ty.kind == Kind::Interface && !is_lender {
        "interface"
    } else {
        "type"
    };
    write!(out, "{keyword} {}", ty.name).expect("a string");
    let faces = (0..model.types.len()).filter(|face| {
        let is_here = model.types[*face].presence.contains_key(&subgraph);
        model.types[*face].kind == Kind::Interface && model.implements(subgraph, *face, at)
            || ty.wider == Some(*face) && is_here && !is_lender
    });
    let faces: Vec<&str> = faces.map(|face| model.types[face].name.as_str()).collect();
    if !faces.is_empty() {
        write!(out, " implements {}", faces.join(" & ")).expect("a string");
    }
    if is_lender {
        out.push_str(" @interfaceObject");
    }
    for (key, resolvable) in &ty.presence[&subgraph] {
        let end = if *resolvable {
            ""
        } else {
            ", resolvable: false"
        };
        write!(
            out,
            " @key(fields: \"{}\"{end})",
            parts::text(model, &ty.keys[*key].parts)
        )
        .expect("a string");
    }
    emit_contexts(model, subgraph, at, out);
    if ty.kind == Kind::Value {
        out.push_str(" @shareable");
    }
    if ty.presence.keys().next() == Some(&subgraph) {
        emit_guard(&ty.guard, out);
    }
    out.push_str(" {\n");
    let external = externals(model, subgraph, at);
    for field in &ty.fields {
        if ty.kind == Kind::Interface && !is_lender {
            if !field.name.starts_with("lent") && on_interface(model, subgraph, at, &field.name) {
                writeln!(out, "  {}", declared(model, field)).expect("a string");
            }
        } else if ty.resolves(subgraph, field) {
            emit_field(model, subgraph, (ty, field), out);
        } else if field.overridden_in == Some(subgraph) {
            writeln!(out, "  {}", declared(model, field)).expect("a string");
        } else if external.contains(&field.name) {
            writeln!(out, "  {} @external", declared(model, field)).expect("a string");
        }
    }
    out.push_str("}\n\n");
}

fn emit_field(model: &Model, subgraph: usize, (ty, field): (&TypeDef, &Field), out: &mut String) {
    write!(out, "  {}", declared(model, field)).expect("a string");
    let is_shared = field.homes.len() > 1 || is_given(model, ty, field);
    if is_shared && ty.kind != Kind::Value {
        out.push_str(" @shareable");
    }
    if !field.requires.is_empty() {
        let parts = parts::text(model, &field.requires);
        write!(out, " @requires(fields: \"{parts}\")").expect("a string");
    }
    if let Some(from) = field.overridden_in {
        write!(out, " @override(from: \"{}\"", model.subgraphs[from]).expect("a string");
        if let Some(label) = field.label {
            write!(out, ", label: \"{label}\"").expect("a string");
        }
        out.push(')');
    }
    if let Some(given) = field.provides.get(&subgraph) {
        let given = parts::text(model, given);
        write!(out, " @provides(fields: \"{given}\")").expect("a string");
    }
    if field.is_hidden {
        out.push_str(" @inaccessible");
    }
    let mut present = ty.presence.keys();
    if present.find(|home| ty.resolves(**home, field)) == Some(&subgraph) {
        emit_guard(&field.guard, out);
    }
    out.push('\n');
}

/// Who guards does so once: whoever else has it inherits that.
fn emit_guard(guard: &BTreeSet<&'static str>, out: &mut String) {
    if guard.contains("known") {
        out.push_str(" @authenticated");
    }
    let scopes = guard.iter().filter(|atom| **atom != "known");
    let scopes: Vec<String> = scopes.map(|scope| format!("\"{scope}\"")).collect();
    if !scopes.is_empty() {
        write!(out, " @requiresScopes(scopes: [[{}]])", scopes.join(", ")).expect("a string");
    }
}

/// Whether some subgraph gives a field along, and so shares it.
fn is_given(model: &Model, ty: &TypeDef, field: &Field) -> bool {
    let is_of = |of: usize| {
        let objects = model.objects_of(of);
        let mut objects = objects.iter().map(|object| &model.types[*object].name);
        objects.any(|name| *name == ty.name)
    };
    let mut is_given = false;
    for other in model.types.iter().flat_map(|ty| &ty.fields) {
        if let Base::Type(target) = other.ty.base {
            for given in other.provides.values() {
                parts::visit(model, target, given, &mut |of, name| {
                    is_given |= name == field.name && is_of(of);
                });
            }
        }
    }
    is_given
}

/// Whether all who implement an interface here have one of its fields here, if only to mention it.
pub(crate) fn on_interface(model: &Model, subgraph: usize, face: usize, name: &str) -> bool {
    let members = model.types[face].members.iter();
    let mut here = members.filter(|member| model.implements(subgraph, face, **member));
    here.all(|member| {
        let ty = &model.types[*member];
        let field = ty.fields.iter().find(|field| field.name == name);
        field.is_some_and(|field| {
            ty.resolves(subgraph, field)
                || externals(model, subgraph, *member).contains(&field.name)
        })
    })
}

/// Fields that a subgraph only mentions: required there, or given along.
pub(crate) fn externals(model: &Model, subgraph: usize, at: usize) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (of, ty) in model.types.iter().enumerate() {
        for field in &ty.fields {
            if field.homes.contains(&subgraph) {
                parts::visit(model, of, &field.requires, &mut |of, name| {
                    if of == at {
                        names.insert(name.to_owned());
                    }
                });
            }
        }
    }
    for field in model.types.iter().flat_map(|ty| &ty.fields) {
        if let (Base::Type(target), Some(given)) = (field.ty.base, field.provides.get(&subgraph)) {
            parts::visit(model, target, given, &mut |of, name| {
                if of == at || model.implements(subgraph, of, at) {
                    names.insert(name.to_owned());
                }
            });
        }
    }
    names
}

fn declared(model: &Model, field: &Field) -> String {
    let mut arguments: Vec<String> = Vec::new();
    arguments.extend(field.has_argument.then(|| "x: Int".to_owned()));
    arguments.extend(field.told.iter().map(|told| {
        let from = match &told.from[..] {
            [(_, name), ..] if told.is_of_all => format!("{{ {name} }}"),
            all => {
                let all = all.iter();
                let all = all.map(|(at, name)| Part::On(*at, vec![Part::leaf(name)]));
                parts::text(model, &all.collect::<Vec<_>>())
            }
        };
        let (argument, ty) = (told.argument, type_text(model, &told.ty));
        let context = told.context;
        format!("{argument}: {ty} @fromContext(field: \"${context} {from}\")")
    }));
    let arguments = match &arguments[..] {
        [] => String::new(),
        all => format!("({})", all.join(", ")),
    };
    format!("{}{arguments}: {}", field.name, type_text(model, &field.ty))
}

/// The contexts by which a subgraph is told of objects of a type where others are below.
fn emit_contexts(model: &Model, subgraph: usize, at: usize, out: &mut String) {
    let fields = model.types.iter().flat_map(|ty| &ty.fields);
    let here = fields.filter(|field| field.homes.contains(&subgraph));
    let told = here.flat_map(|field| &field.told);
    let told = told.filter(|told| told.setters.contains(&at));
    let contexts: BTreeSet<&str> = told.map(|told| told.context).collect();
    for context in contexts {
        write!(out, " @context(name: \"{context}\")").expect("a string");
    }
}

fn type_text(model: &Model, ty: &Ty) -> String {
    let name = match ty.base {
        Base::Int => "Int",
        Base::Float => "Float",
        Base::String => "String",
        Base::Boolean => "Boolean",
        Base::Id => "ID",
        Base::Enum => "Colour",
        Base::Type(at) => &model.types[at].name,
    };
    let mark = |non_null: bool| if non_null { "!" } else { "" };
    match ty.list {
        Some(items) => format!("[{name}{}]{}", mark(items), mark(ty.non_null)),
        None => format!("{name}{}", mark(ty.non_null)),
    }
}
