//! What the types are made of, in a form that one thread can give another: the trees of syn stay where they
//! were made.

use std::collections::{BTreeMap, BTreeSet};

use quote::ToTokens;
use syn::{File, Item, Type, Visibility};

use super::source::module;
use crate::plan::Plan;

/// The types of a source by their names, as far as operations have to know them.
#[derive(Debug, Default)]
pub(crate) struct Definitions {
    structs: BTreeMap<String, Vec<Member>>,
    names: BTreeSet<String>,
}

/// A field of a struct.
#[derive(Debug)]
pub(super) struct Member {
    /// None in a struct that only holds a value.
    pub(super) name: Option<String>,
    pub(super) public: bool,
    of: String,
}

impl Definitions {
    /// Those of the types in `file`; none if no operation of the plan asks for them.
    pub(super) fn of(file: &mut File, plan: &Plan) -> Self {
        let mut definitions = Self::default();
        let pages = plan.operations.values().filter_map(|operation| operation.pages.as_ref());
        if pages.filter_map(|pages| pages.items.as_ref()).next().is_none() {
            return definitions;
        }
        for item in module(&mut file.items, "types").into_iter().flatten() {
            let name = match item {
                Item::Struct(definition) => {
                    let members = definition.fields.iter().map(|field| Member {
                        name: field.ident.as_ref().map(ToString::to_string),
                        public: matches!(field.vis, Visibility::Public(_)),
                        of: field.ty.to_token_stream().to_string(),
                    });
                    let name = definition.ident.to_string();
                    definitions.structs.insert(name.clone(), members.collect());
                    name
                }
                Item::Enum(definition) => definition.ident.to_string(),
                Item::Type(alias) => alias.ident.to_string(),
                _ => continue,
            };
            definitions.names.insert(name);
        }
        definitions
    }

    /// The name and the fields of the struct that a type is, if it is one.
    pub(super) fn of_struct(&self, target: &Type) -> Option<(&String, &[Member])> {
        let Type::Path(path) = target else { return None };
        let name = path.path.segments.last()?.ident.to_string();
        self.structs.get_key_value(&name).map(|(name, members)| (name, members.as_slice()))
    }

    /// Whether there is a type of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }
}

impl Member {
    /// The type of the field.
    pub(super) fn of(&self) -> Option<Type> {
        syn::parse_str(&self.of).ok()
    }
}
