//! One thing less, or one thing elsewhere: graphs that may not be answerable any more.

use crate::{
    model::{Base, Kind, Model},
    parts::Part,
    rng::Rng,
};

/// The graph with one random change, and what was changed; none where the draw does not apply.
pub(crate) fn mutate(model: &Model, rng: &mut Rng) -> Option<(Model, String)> {
    let mut mutant = model.clone();
    let what = match rng.below(7) {
        0 => drop_key(&mut mutant, rng),
        1 => close_key(&mut mutant, rng),
        2 => drop_home(&mut mutant, rng),
        3 => move_field(&mut mutant, rng),
        4 => drop_provides(&mut mutant, rng),
        5 => require_each_other(&mut mutant, rng),
        _ => require(&mut mutant, rng),
    }?;
    Some((mutant, what))
}

/// An entity in a subgraph, with one of its keys there.
fn pick_key(model: &Model, rng: &mut Rng) -> Option<(usize, usize, usize)> {
    let mut all = Vec::new();
    for (at, ty) in model.types.iter().enumerate() {
        if ty.kind == Kind::Entity {
            for (subgraph, keys) in &ty.presence {
                all.extend(keys.keys().map(|key| (at, *subgraph, *key)));
            }
        }
    }
    (!all.is_empty()).then(|| *rng.pick(&all))
}

fn drop_key(model: &mut Model, rng: &mut Rng) -> Option<String> {
    let (at, subgraph, key) = pick_key(model, rng)?;
    let ty = &mut model.types[at];
    ty.presence.get_mut(&subgraph)?.remove(&key);
    Some(format!("{} loses key {key} in s{subgraph}", ty.name))
}

fn close_key(model: &mut Model, rng: &mut Rng) -> Option<String> {
    let (at, subgraph, key) = pick_key(model, rng)?;
    let ty = &mut model.types[at];
    ty.presence.get_mut(&subgraph)?.insert(key, false);
    Some(format!(
        "key {key} of {} is not resolvable in s{subgraph}",
        ty.name
    ))
}

/// A field of an object, that subgraphs have by itself.
fn pick_field(model: &Model, rng: &mut Rng) -> Option<(usize, usize)> {
    let mut all = Vec::new();
    for (at, ty) in model.types.iter().enumerate() {
        if matches!(ty.kind, Kind::Entity | Kind::Query) {
            let fields = ty.fields.iter().enumerate();
            let own = fields.filter(|(_, field)| !field.is_key() && !field.is_lent);
            all.extend(own.map(|(place, _)| (at, place)));
        }
    }
    (!all.is_empty()).then(|| *rng.pick(&all))
}

fn drop_home(model: &mut Model, rng: &mut Rng) -> Option<String> {
    let (at, place) = pick_field(model, rng)?;
    let ty = &mut model.types[at];
    let field = &mut ty.fields[place];
    (field.homes.len() > 1).then(|| {
        let home = *rng.pick(&field.homes.iter().copied().collect::<Vec<_>>());
        field.homes.remove(&home);
        format!("{}.{} leaves s{home}", ty.name, field.name)
    })
}

fn move_field(model: &mut Model, rng: &mut Rng) -> Option<String> {
    let (at, place) = pick_field(model, rng)?;
    let target = model.types[at].fields[place].ty.base;
    let mut others: Vec<usize> = model.types[at].presence.keys().copied().collect();
    // Where it goes, its type must be.
    if let Base::Type(target) = target {
        others.retain(|subgraph| model.types[target].presence.contains_key(subgraph));
    }
    if others.is_empty() {
        return None;
    }
    let to = *rng.pick(&others);
    let ty = &mut model.types[at];
    ty.fields[place].homes = [to].into();
    ty.fields[place].provides.clear();
    Some(format!(
        "{}.{} moves to s{to}",
        ty.name, ty.fields[place].name
    ))
}

fn drop_provides(model: &mut Model, rng: &mut Rng) -> Option<String> {
    let (at, place) = pick_field(model, rng)?;
    let ty = &mut model.types[at];
    let field = &mut ty.fields[place];
    (!field.provides.is_empty()).then(|| {
        field.provides.clear();
        format!("{}.{} provides nothing", ty.name, field.name)
    })
}

/// Two plain fields of one type, the second elsewhere than the first.
fn pick_pair(model: &Model, rng: &mut Rng) -> Option<(usize, usize, usize)> {
    let (at, one) = pick_field(model, rng)?;
    let ty = &model.types[at];
    let is_plain = |place: usize| {
        let field = &ty.fields[place];
        !field.is_key()
            && !field.is_lent
            && !field.has_argument
            && field.homes.len() == 1
            && field.overridden_in.is_none()
            && !matches!(field.ty.base, Base::Type(_))
    };
    let others = (0..ty.fields.len()).filter(|other| {
        is_plain(*other) && ty.fields[*other].homes.is_disjoint(&ty.fields[one].homes)
    });
    let others: Vec<usize> = others.collect();
    let fits = ty.kind == Kind::Entity && is_plain(one) && !others.is_empty();
    fits.then(|| (at, one, *rng.pick(&others)))
}

fn require_each_other(model: &mut Model, rng: &mut Rng) -> Option<String> {
    let (at, one, other) = pick_pair(model, rng)?;
    let ty = &mut model.types[at];
    ty.fields[one].requires = vec![Part::leaf(&ty.fields[other].name)];
    ty.fields[other].requires = vec![Part::leaf(&ty.fields[one].name)];
    let names = (&ty.fields[one].name, &ty.fields[other].name);
    Some(format!(
        "{}.{} and {} require each other",
        ty.name, names.0, names.1
    ))
}

fn require(model: &mut Model, rng: &mut Rng) -> Option<String> {
    let (at, one, other) = pick_pair(model, rng)?;
    let ty = &mut model.types[at];
    ty.fields[one].requires = vec![Part::leaf(&ty.fields[other].name)];
    let names = (&ty.fields[one].name, &ty.fields[other].name);
    Some(format!("{}.{} requires {}", ty.name, names.0, names.1))
}
