//! Makes a failing graph and query small, as long as they fail.

use crate::{
    Failure, Outcome, check,
    model::Model,
    parts::{Part, Wanted},
    query::Query,
};

/// The smallest graph and query found that still fail so.
pub(crate) fn shrink(how: Failure, model: Model, query: Query) -> (Model, Query) {
    let (mut model, mut query) = (model, query);
    loop {
        let before = (weight(&model), query.size());
        query = shrink_query(how, &model, query);
        model = shrink_model(how, model, &query);
        if (weight(&model), query.size()) == before {
            return (model, query);
        }
    }
}

fn fails(how: Failure, model: &Model, query: &Query) -> bool {
    matches!(check(model, query), Outcome::Fails(found, _) if found == how)
}

fn shrink_query(how: Failure, model: &Model, mut query: Query) -> Query {
    let mut at = 0;
    while at < query.size() {
        let candidates = [false, true].map(|keep| query.without(at, keep));
        let smaller = candidates
            .into_iter()
            .flatten()
            .find(|smaller| fails(how, model, smaller));
        match smaller {
            Some(smaller) => query = smaller,
            None => at += 1,
        }
    }
    let simpler = query.caller.simpler().into_iter();
    let mut simpler = simpler.map(|caller| Query {
        caller,
        ..query.clone()
    });
    match simpler.find(|simpler| fails(how, model, simpler)) {
        Some(simpler) => shrink_query(how, model, simpler),
        None => query,
    }
}

fn weight(model: &Model) -> usize {
    let fields: usize = model.types.iter().map(|ty| ty.fields.len()).sum();
    let homes = model.types.iter().flat_map(|ty| &ty.fields).map(|field| {
        field.homes.len() + count(&field.requires) + field.provides.len() + field.told.len()
    });
    let keys = model
        .types
        .iter()
        .flat_map(|ty| ty.presence.values())
        .map(|keys| keys.len() + 1);
    let wider = model.types.iter().filter(|ty| ty.wider.is_some());
    wider.count() + fields + homes.sum::<usize>() + keys.sum::<usize>()
}

fn shrink_model(how: Failure, mut model: Model, query: &Query) -> Model {
    loop {
        let smaller = smaller_models(&model).find(|smaller| fails(how, smaller, query));
        match smaller {
            Some(smaller) => model = smaller,
            None => return model,
        }
    }
}

type Change = Box<dyn Fn(&mut Model)>;

/// The model with one thing less.
fn smaller_models(model: &Model) -> impl Iterator<Item = Model> + '_ {
    let mut all: Vec<Change> = Vec::new();
    for (at, ty) in model.types.iter().enumerate() {
        if ty.wider.is_some() {
            all.push(Box::new(move |model| model.types[at].wider = None));
        }
        if !ty.guard.is_empty() {
            all.push(Box::new(move |model| model.types[at].guard.clear()));
        }
        for &subgraph in ty.presence.keys() {
            all.push(Box::new(move |model| {
                model.types[at].presence.remove(&subgraph);
            }));
        }
        for (place, field) in ty.fields.iter().enumerate().rev() {
            all.push(Box::new(move |model| {
                model.types[at].fields.remove(place);
            }));
            if field.homes.len() > 1 && ty.kind != crate::model::Kind::Value {
                for &home in &field.homes {
                    all.push(Box::new(move |model| {
                        model.types[at].fields[place].homes.remove(&home);
                    }));
                }
            }
            if !field.provides.is_empty() {
                all.push(Box::new(move |model| {
                    model.types[at].fields[place].provides.clear();
                }));
            }
            if field.label.is_some() {
                all.push(Box::new(move |model| {
                    model.types[at].fields[place].label = None;
                }));
            }
            for number in 0..field.told.len() {
                all.push(Box::new(move |model| {
                    model.types[at].fields[place].told.remove(number);
                }));
            }
            if !field.guard.is_empty() {
                all.push(Box::new(move |model| {
                    model.types[at].fields[place].guard.clear();
                }));
            }
            if field.overridden_in.is_some() {
                all.push(Box::new(move |model| {
                    model.types[at].fields[place].overridden_in = None;
                }));
            }
            for number in 0..count(&field.requires) {
                all.push(Box::new(move |model| {
                    remove(&mut model.types[at].fields[place].requires, number);
                }));
            }
        }
        for (subgraph, keys) in &ty.presence {
            let subgraph = *subgraph;
            for &key in keys.keys().filter(|_| keys.len() > 1) {
                all.push(Box::new(move |model| {
                    if let Some(keys) = model.types[at].presence.get_mut(&subgraph) {
                        keys.remove(&key);
                    }
                }));
            }
        }
    }
    all.into_iter().map(|change| {
        let mut smaller = model.clone();
        change(&mut smaller);
        smaller
    })
}

/// How many parts there are.
fn count(parts: &[Part]) -> usize {
    let parts = parts.iter();
    parts.map(|part| 1 + count(part.below())).sum()
}

/// Takes one part away.
fn remove(parts: &mut Vec<Part>, mut at: usize) {
    for place in 0..parts.len() {
        if at == 0 {
            parts.remove(place);
            return;
        }
        at -= 1;
        let size = count(parts[place].below());
        if at < size {
            if let Part::Field(Wanted { below, .. }) | Part::On(_, below) = &mut parts[place] {
                remove(below, at);
            }
            return;
        }
        at -= size;
    }
}
