//! What a crate gives out of its generated module: the rest is public in a module that is not.
//!
//! A client with a hand-written face re-exports what callers get (`pub use generated::{Client, types};`).
//! What else is generated can change without a word to them.

use std::collections::{BTreeMap, BTreeSet};

use syn::{File, Item, UseTree};

use super::{is_public, public_items};

/// The module that holds the generated source.
const MODULE: &str = "generated";

/// The public items of a generated source as callers of its crate see them: those that `root`, the
/// source of the crate's root, re-exports out of its private module `generated`. All, where that can't
/// be seen: the root has no such module, or re-exports it with `*`.
///
/// # Errors
/// A source that is no Rust.
pub fn reexported_items(source: &str, root: &str) -> Result<BTreeMap<String, String>, syn::Error> {
    let mut items = public_items(source)?;
    let Some(given) = syn::parse_str(root).ok().and_then(|root| given(&root)) else {
        return Ok(items);
    };
    let defined: BTreeSet<String> =
        items.keys().filter(|path| !path.contains(": ")).map(|path| first(path)).collect();
    let is_given = |path: &str| {
        given.iter().any(|one| {
            let rest = path.strip_prefix(one.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
        })
    };
    items.retain(|path, _| {
        // `String: From<types::Card>` is about all the types that it names.
        path.split(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | ':'))
            .map(|named| named.trim_matches(':'))
            .filter(|named| defined.contains(&first(named)))
            .all(is_given)
    });
    Ok(items)
}

fn first(path: &str) -> String {
    path.split("::").next().unwrap_or_default().to_owned()
}

/// The paths in the module `generated` that a root re-exports; nothing where all of it is public.
fn given(root: &File) -> Option<BTreeSet<String>> {
    let is_private = |item: &Item| match item {
        Item::Mod(module) => module.ident == MODULE && !is_public(&module.vis),
        _ => false,
    };
    if !root.items.iter().any(is_private) {
        return None;
    }
    let mut given = BTreeSet::new();
    for item in &root.items {
        if let Item::Use(import) = item
            && is_public(&import.vis)
        {
            collect(&import.tree, &mut Vec::new(), &mut given)?;
        }
    }
    Some(given)
}

/// Collects what a `use` takes out of the module; nothing where it takes all.
fn collect(tree: &UseTree, at: &mut Vec<String>, given: &mut BTreeSet<String>) -> Option<()> {
    let name = match tree {
        UseTree::Path(path) => {
            at.push(path.ident.to_string());
            let collected = collect(&path.tree, at, given);
            at.pop();
            return collected;
        }
        UseTree::Group(group) => {
            return group.items.iter().try_for_each(|tree| collect(tree, at, given));
        }
        UseTree::Name(name) => name.ident.to_string(),
        UseTree::Rename(rename) => rename.ident.to_string(),
        UseTree::Glob(_) => "*".to_owned(),
    };
    let path = at.iter().chain([&name]).map(String::as_str);
    let path: Vec<&str> = path.skip_while(|it| ["crate", "self"].contains(it)).collect();
    match path.as_slice() {
        [MODULE] | [MODULE, "*"] => None,
        [MODULE, within @ .., "self" | "*"] | [MODULE, within @ ..] => {
            given.insert(within.join("::"));
            Some(())
        }
        _ => Some(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "pub struct Client; pub enum Server { A }
        impl From<Server> for String {} impl From<types::Card> for String {}
        #[derive(Clone)] pub struct Serve;
        pub mod types { #[derive(Debug)] pub struct Card { pub id: u8 } pub struct List; }";

    fn paths(root: &str) -> Vec<String> {
        reexported_items(SOURCE, root).unwrap().into_keys().collect()
    }

    #[test]
    fn what_a_root_re_exports_is_all_that_callers_see() {
        let root = "mod generated { include!(\"g.rs\"); } mod other;
                    pub use generated::{Client as Api, types}; pub use other::Server; use generated::Serve;";
        let seen = [
            "Client",
            "String: From<types::Card>",
            "types::Card",
            "types::Card: Debug",
            "types::Card::id",
            "types::List",
        ];
        assert_eq!(paths(root), seen);
        let root =
            "mod generated; pub use crate::generated::types::Card; pub use self::generated::Serve;";
        let seen = [
            "Serve",
            "Serve: Clone",
            "String: From<types::Card>",
            "types::Card",
            "types::Card: Debug",
            "types::Card::id",
        ];
        assert_eq!(paths(root), seen);
    }

    #[test]
    fn where_the_module_is_public_as_a_whole_so_is_all_of_it() {
        for root in [
            "",
            "include!(\"generated.rs\");",
            "pub mod generated;",
            "mod generated; pub use generated::*;",
            "mod generated; pub use generated as api;",
        ] {
            assert_eq!(paths(root).len(), public_items(SOURCE).unwrap().len(), "{root}");
        }
    }
}
