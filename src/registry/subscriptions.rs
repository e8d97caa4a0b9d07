//! Blanks the subscriptions in a subgraph's SDL: the gateway runs none. The rest keeps its place,
//! so that diagnostics point into the given text.

use std::ops::Range;

use apollo_compiler::{
    Name, Node,
    ast::{Definition, Document, FieldDefinition, NamedType, OperationType},
    parser::SourceSpan,
};
use federation::subgraph::Subgraph;

use super::{bare::blank, plain::told_left_out};

/// An SDL without its subscriptions.
pub(super) struct Reduced {
    pub(super) sdl: String,
    /// What is left out, for its entity to read.
    pub(super) left_out: String,
}

/// The SDL without the root type of its subscriptions. `None` where it has none, or where it cannot do
/// without the type: other types lead to it, or there are no others.
pub(super) fn without_subscriptions(sdl: &str, subgraph: &Subgraph) -> Option<Reduced> {
    let root = subgraph.root_type(OperationType::Subscription)?;
    let others = [OperationType::Query, OperationType::Mutation];
    let serves = |operation| subgraph.root_type(operation) == Some(root);
    if others.into_iter().any(serves) {
        return None;
    }
    let document = Document::parse(sdl, "source.graphql").ok()?;
    let mut found = Found {
        sdl,
        root,
        fields: Vec::new(),
        spans: Vec::new(),
        has_other_objects: false,
    };
    for definition in &document.definitions {
        found.look_at(definition)?;
    }
    if found.fields.is_empty() || !found.has_other_objects {
        return None;
    }
    let reduced = blank(sdl, found.spans);
    Document::parse(&reduced, "source.graphql").ok()?;
    Some(Reduced {
        sdl: reduced,
        left_out: told_left_out("subscriptions", &found.fields),
    })
}

struct Found<'a> {
    sdl: &'a str,
    root: &'a Name,
    fields: Vec<String>,
    spans: Vec<Range<usize>>,
    has_other_objects: bool,
}

impl Found<'_> {
    /// Takes a definition into account; `None` where the root type cannot be left out.
    fn look_at(&mut self, definition: &Definition) -> Option<()> {
        let is_root = definition.name() == Some(self.root);
        match definition {
            Definition::ObjectTypeDefinition(ty) if is_root => {
                self.take_out(ty.location(), &ty.fields)
            }
            Definition::ObjectTypeExtension(ty) if is_root => {
                self.take_out(ty.location(), &ty.fields)
            }
            Definition::ObjectTypeDefinition(ty) => {
                self.has_other_objects = true;
                self.must_not_lead_here(&ty.fields)
            }
            Definition::ObjectTypeExtension(ty) => {
                self.has_other_objects = true;
                self.must_not_lead_here(&ty.fields)
            }
            Definition::InterfaceTypeDefinition(ty) => self.must_not_lead_here(&ty.fields),
            Definition::InterfaceTypeExtension(ty) => self.must_not_lead_here(&ty.fields),
            Definition::UnionTypeDefinition(ty) => (!ty.members.contains(self.root)).then_some(()),
            Definition::UnionTypeExtension(ty) => (!ty.members.contains(self.root)).then_some(()),
            Definition::SchemaDefinition(node) => self.unlist(&node.root_operations, None),
            Definition::SchemaExtension(node) => {
                let whole = node.location().filter(|_| node.directives.is_empty());
                self.unlist(&node.root_operations, whole)
            }
            _ => Some(()),
        }
    }

    fn take_out(
        &mut self,
        span: Option<SourceSpan>,
        fields: &[Node<FieldDefinition>],
    ) -> Option<()> {
        self.spans.push(range(span?));
        let names = fields.iter().map(|field| field.name.to_string());
        self.fields.extend(names);
        Some(())
    }

    fn must_not_lead_here(&self, fields: &[Node<FieldDefinition>]) -> Option<()> {
        let mut targets = fields.iter().map(|field| field.ty.inner_named_type());
        (!targets.any(|target| target == self.root)).then_some(())
    }

    /// Takes the operation out of a schema's list of root types, and the list where it is empty
    /// then: all of an extension that says nothing else.
    fn unlist(
        &mut self,
        operations: &[Node<(OperationType, NamedType)>],
        whole: Option<SourceSpan>,
    ) -> Option<()> {
        let is_gone =
            |each: &&Node<(OperationType, NamedType)>| each.0 == OperationType::Subscription;
        let gone: Option<Vec<_>> = (operations.iter().filter(is_gone))
            .map(|each| each.location().map(range))
            .collect();
        let gone = gone?;
        let (Some(first), Some(last)) = (gone.first(), gone.last()) else {
            return Some(());
        };
        if gone.len() < operations.len() {
            self.spans.extend(gone);
            return Some(());
        }
        let span = match whole {
            Some(whole) => range(whole),
            None => {
                let open = self.sdl.get(..first.start)?.rfind('{')?;
                let close = last.end + self.sdl.get(last.end..)?.find('}')?;
                open..close + 1
            }
        };
        self.spans.push(span);
        Some(())
    }
}

fn range(span: SourceSpan) -> Range<usize> {
    span.offset()..span.end_offset()
}
