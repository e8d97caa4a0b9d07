//! What a field set selects.

use std::fmt::Write as _;

use crate::model::{Base, Model};

/// A selection of a field set.
#[derive(Clone, Debug)]
pub(crate) enum Part {
    Typename,
    Field(Wanted),
    /// What is selected of objects of one type.
    On(usize, Vec<Part>),
}

/// A field of a field set.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) name: String,
    pub(crate) argument: Option<usize>,
    pub(crate) below: Vec<Part>,
}

impl Part {
    pub(crate) fn leaf(name: &str) -> Self {
        Self::Field(Wanted {
            name: name.to_owned(),
            argument: None,
            below: Vec::new(),
        })
    }

    /// A field with one leaf below it.
    pub(crate) fn above(name: &str, leaf: &str) -> Self {
        Self::under(name, vec![Self::leaf(leaf)])
    }

    /// A field with what is below it.
    pub(crate) fn under(name: &str, below: Vec<Self>) -> Self {
        Self::Field(Wanted {
            name: name.to_owned(),
            argument: None,
            below,
        })
    }

    /// The field's name.
    pub(crate) fn name(&self) -> Option<&str> {
        match self {
            Self::Field(wanted) => Some(&wanted.name),
            _ => None,
        }
    }

    /// What is selected below it.
    pub(crate) fn below(&self) -> &[Self] {
        match self {
            Self::Typename => &[],
            Self::Field(wanted) => &wanted.below,
            Self::On(_, below) => below,
        }
    }
}

/// The field set as it is written.
pub(crate) fn text(model: &Model, parts: &[Part]) -> String {
    let part = |part: &Part| {
        let mut out = match part {
            Part::Typename => "__typename".to_owned(),
            Part::Field(wanted) => wanted.name.clone(),
            Part::On(on, _) => format!("... on {}", model.types[*on].name),
        };
        if let Part::Field(Wanted {
            argument: Some(argument),
            ..
        }) = part
        {
            write!(out, "(x: {argument})").expect("a string");
        }
        if !part.below().is_empty() {
            write!(out, " {{ {} }}", text(model, part.below())).expect("a string");
        }
        out
    };
    parts.iter().map(part).collect::<Vec<_>>().join(" ")
}

/// Tells each field that is read of a type, with the type that it is read of.
pub(crate) fn visit(model: &Model, of: usize, parts: &[Part], tell: &mut impl FnMut(usize, &str)) {
    for part in parts {
        match part {
            Part::Typename => {}
            Part::On(on, below) => visit(model, *on, below, tell),
            Part::Field(wanted) => {
                tell(of, &wanted.name);
                let fields = &model.types[of].fields;
                let field = fields.iter().find(|field| field.name == wanted.name);
                if let Some(Base::Type(target)) = field.map(|field| field.ty.base) {
                    visit(model, target, &wanted.below, tell);
                }
            }
        }
    }
}

/// The fields that are selected of objects of a type.
pub(crate) fn of_type(model: &Model, parts: &[Part], name: &str) -> Vec<Wanted> {
    let wanted = parts.iter().flat_map(|part| match part {
        Part::Field(wanted) => vec![wanted.clone()],
        Part::On(on, below) if model.types[*on].name == name => of_type(model, below, name),
        Part::Typename | Part::On(..) => Vec::new(),
    });
    wanted.collect()
}
