//! Nodes or edges of an HDF5 file: each has a type, which a table describes, and a place in a group, which has values of its own.

use super::types::Types;
use crate::diagnostic::{Diagnostic, Diagnostics, Result};
use crate::format::h5::H5File;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// The nodes or edges of a population.
pub(super) struct Members {
    pub(super) h5: H5File,
    /// Their HDF5 path (`/nodes/v1`).
    pub(super) at: String,
    types: Option<Types>,
    /// The type of each.
    type_of: Vec<u64>,
    /// The groups that there are.
    groups: Vec<String>,
    /// Group and index in it of each; none where all lie in the one group in order.
    places: Option<Vec<(u32, usize)>>,
}

/// A text that some members share.
pub(super) type Text = Option<Rc<str>>;

impl Members {
    /// Reads what the members at `at` are; `kind` is `node` or `edge`.
    pub(super) fn read(h5: H5File, at: String, kind: &str, types: Option<Types>) -> Result<Self> {
        let mut wrong = Diagnostics::new();
        let type_path = format!("{at}/{kind}_type_id");
        let type_of = whole_numbers(&h5, &type_path)?;
        let mut members = Self { at, types, type_of, groups: Vec::new(), places: None, h5 };
        if let Some(types) = &members.types {
            let mut unknown = BTreeSet::new();
            unknown.extend(members.type_of.iter().copied().filter(|id| !types.has(*id)));
            if !unknown.is_empty() {
                let some: Vec<_> = unknown.iter().take(10).map(u64::to_string).collect();
                let message = format!("{kind}s have the type {}, which the table of types has not", some.join(", "));
                wrong.push(members.h5.complaint(&type_path, message));
            }
        }
        let is_group = |name: &String| name.parse::<u64>().is_ok() && members.h5.is_group(&format!("{}/{name}", members.at));
        members.groups = members.h5.members(&members.at)?.into_iter().filter(is_group).collect();
        wrong.extend(members.find_places(kind).err().unwrap_or_default());
        wrong.or(members)
    }

    pub(super) fn len(&self) -> usize {
        self.type_of.len()
    }

    /// Reads `<kind>_group_id` and `<kind>_group_index`, which may be absent where there is at most one group.
    fn find_places(&mut self, kind: &str) -> Result<()> {
        let (id_path, index_path) = (format!("{}/{kind}_group_id", self.at), format!("{}/{kind}_group_index", self.at));
        if self.groups.len() <= 1 && !(self.h5.exists(&id_path) && self.h5.exists(&index_path)) {
            return Ok(());
        }
        let mut wrong = Diagnostics::new();
        let ids = wrong.take(whole_numbers(&self.h5, &id_path));
        let indices = wrong.take(whole_numbers(&self.h5, &index_path));
        let (Some(ids), Some(indices)) = (ids, indices) else { return Err(wrong) };
        for (path, found) in [(&id_path, ids.len()), (&index_path, indices.len())] {
            if found != self.len() {
                wrong.push(self.h5.complaint(path, format!("has {found} values for {} {kind}s", self.len())));
            }
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let slots: BTreeMap<u64, u32> =
            self.groups.iter().zip(0..).filter_map(|(name, at)| Some((name.parse().ok()?, at))).collect();
        // Files of one group write 0 and may leave the group out where it would be empty.
        if self.groups.is_empty() && ids.iter().all(|id| *id == 0) {
            return Ok(());
        }
        let mut places = Vec::with_capacity(self.len());
        for (at, (id, index)) in ids.iter().zip(&indices).enumerate() {
            let Some(slot) = slots.get(id) else {
                return Err(self.h5.complaint(&id_path, format!("{kind} {at} is in group {id}, which is not there")).into());
            };
            places.push((*slot, usize::try_from(*index).unwrap_or(usize::MAX)));
        }
        let plain = self.groups.len() == 1 && places.iter().enumerate().all(|(at, place)| place.1 == at);
        self.places = (!plain).then_some(places);
        Ok(())
    }

    /// Names of the values that groups have under `dynamics_params`.
    pub(super) fn own_params(&self) -> Result<BTreeSet<String>> {
        let mut names = BTreeSet::new();
        for group in &self.groups {
            let at = format!("{}/{group}/dynamics_params", self.at);
            if self.h5.is_group(&at) {
                names.extend(self.h5.members(&at)?);
            }
        }
        Ok(names)
    }

    /// A value of each member: its group's, else its type's, else NaN.
    pub(super) fn numbers(&self, name: &str) -> Result<Vec<f64>> {
        let mut values = match &self.types {
            Some(types) if types.has_column(name) => {
                self.by_type(|id| types.number(id, name).map(|value| value.unwrap_or(f64::NAN)))?
            }
            _ => vec![f64::NAN; self.len()],
        };
        self.overlay(
            name,
            |at| {
                let (shape, own) = self.h5.floats(at)?;
                if shape.len() == 1 {
                    Ok(own)
                } else {
                    Err(self.h5.complaint(at, format!("expected one value each, found the shape {shape:?}")).into())
                }
            },
            |member, own: &f64| {
                if !own.is_nan() {
                    values[member] = *own;
                }
            },
        )?;
        Ok(values)
    }

    /// A text of each member: its group's, else its type's.
    pub(super) fn texts(&self, name: &str) -> Result<Vec<Text>> {
        let mut values = match &self.types {
            Some(types) if types.has_column(name) => self.by_type(|id| Ok(types.text(id, name).map(Rc::from)))?,
            _ => vec![None; self.len()],
        };
        self.overlay(name, |at| self.own_texts(at, name), |member, own: &Text| values[member].clone_from(own))?;
        Ok(values)
    }

    /// Texts of a group: as they are, or as numbers in its `@library`.
    fn own_texts(&self, at: &str, name: &str) -> Result<Vec<Text>> {
        let library = format!("{}/@library/{name}", at.rsplit_once('/').map_or(at, |(group, _)| group));
        if self.h5.exists(&library) {
            let words: Vec<Rc<str>> = self.h5.strings(&library)?.1.into_iter().map(Rc::from).collect();
            let numbers = whole_numbers(&self.h5, at)?;
            return numbers
                .into_iter()
                .map(|number| match words.get(usize::try_from(number).unwrap_or(usize::MAX)) {
                    Some(word) => Ok(Some(word.clone())),
                    None => {
                        let message = format!("names entry {number} of {library}, which has {}", words.len());
                        Err(self.h5.complaint(at, message).into())
                    }
                })
                .collect();
        }
        let mut pool: BTreeMap<String, Rc<str>> = BTreeMap::new();
        let texts = self.h5.strings(at)?.1.into_iter();
        let share = |text: String| match text.as_str() {
            "" | "NULL" => None,
            _ => Some(pool.entry(text.clone()).or_insert_with(|| Rc::from(text.as_str())).clone()),
        };
        Ok(texts.map(share).collect())
    }

    /// A value of each member from what its type has.
    fn by_type<T: Clone>(&self, mut of: impl FnMut(u64) -> Result<T>) -> Result<Vec<T>> {
        let mut wrong = Diagnostics::new();
        let mut found: BTreeMap<u64, Option<T>> = BTreeMap::new();
        let mut values = Vec::with_capacity(self.len());
        for id in &self.type_of {
            let value = found.entry(*id).or_insert_with(|| wrong.take(of(*id)));
            values.extend(value.clone());
        }
        wrong.or(values)
    }

    /// Goes through what groups have of a name, member by member.
    fn overlay<T>(&self, name: &str, read: impl Fn(&str) -> Result<Vec<T>>, mut put: impl FnMut(usize, &T)) -> Result<()> {
        for (slot, group) in (0u32..).zip(&self.groups) {
            let at = format!("{}/{group}/{name}", self.at);
            if !self.h5.exists(&at) || self.h5.is_group(&at) {
                continue;
            }
            let own = read(&at)?;
            let short = |index: usize| self.h5.complaint(&at, format!("has {} values, and value {index} is wanted", own.len()));
            match &self.places {
                None => {
                    for member in 0..self.len() {
                        put(member, own.get(member).ok_or_else(|| short(member))?);
                    }
                }
                Some(places) => {
                    for (member, place) in places.iter().enumerate().filter(|(_, place)| place.0 == slot) {
                        put(member, own.get(place.1).ok_or_else(|| short(place.1))?);
                    }
                }
            }
        }
        Ok(())
    }

    /// A complaint about a member: at the row of its type, or at its population.
    pub(super) fn complaint(&self, member: usize, message: impl Into<String>) -> Diagnostic {
        match &self.types {
            Some(types) => types.complaint(self.type_of[member], message),
            None => self.h5.complaint(&self.at, message),
        }
    }
}

/// One row of whole numbers, zero or above. Some files have them with a fraction of nought.
pub(super) fn whole_numbers(h5: &H5File, at: &str) -> Result<Vec<u64>> {
    let (shape, values) = if h5.float_width(at)?.is_some() {
        let (shape, values) = h5.floats(at)?;
        if let Some(odd) = values.iter().find(|value| value.fract() != 0.0 || value.abs() > 9e15) {
            return Err(h5.complaint(at, format!("expected whole numbers, found {odd}")).into());
        }
        (shape, values.into_iter().map(|value| value as i64).collect())
    } else {
        h5.ints(at)?
    };
    if shape.len() != 1 {
        return Err(h5.complaint(at, format!("expected one row of numbers, found the shape {shape:?}")).into());
    }
    let convert =
        |value: i64| u64::try_from(value).map_err(|_| h5.complaint(at, format!("expected numbers from 0, found {value}")).into());
    values.into_iter().map(convert).collect()
}
