//! The client: on our runtime instead of progenitor's, and made by hand-written code alone.
//!
//! Progenitor's own constructor panics when TLS can't be set up and follows redirects, its errors
//! print what a body held, and its `Debug` prints the state of the client. Here the client is a
//! session of `pagebind_client` and nothing else.

use pagebind::diagnostic::Diagnostic;
use syn::{File, ImplItem, Item, ItemUse, UseTree, Visibility, parse_quote};

use super::source::{expect, module, self_type};

/// Makes a client of a session, and imports what the source needs of the runtime.
pub(super) fn run(file: &mut File) -> Result<(), Diagnostic> {
    let mut closed = 0;
    file.items.retain_mut(|item| match item {
        Item::Struct(client) if client.ident == "Client" => {
            closed += 1;
            let words = client.attrs.iter().filter(|it| it.path().is_ident("doc"));
            *client = parse_quote! {
                #(#words)*
                #[derive(Clone)]
                pub struct Client(pub(crate) pagebind_client::Session);
            };
            true
        }
        Item::Impl(block) if self_type(block).is_some_and(|name| name == "Client") => {
            let constructs = |item: &ImplItem| matches!(item, ImplItem::Fn(it) if it.sig.ident == "new_with_client");
            let constructor = block.items.iter().any(constructs);
            closed += usize::from(constructor);
            // What progenitor's runtime needs to know of a client is in the session.
            block.trait_.is_none() && !constructor
        }
        // The hooks of progenitor's runtime, which is not there.
        Item::Impl(block) => block.trait_.is_none(),
        // The prelude holds the client alone, which stands at the top already; the constant asserts
        // that there are hooks.
        Item::Mod(module) => module.ident != "prelude",
        Item::Const(_) => false,
        _ => true,
    });
    expect(closed == 2, "client", "the struct `Client` and its constructors")?;
    let mut imported = false;
    file.items.retain_mut(|item| match item {
        Item::Use(import) if of_runtime(import, "progenitor_client") => {
            imported = true;
            // What the source needs of it is not what its callers need.
            matches!(import.vis, Visibility::Public(_)) && {
                import.tree = parse_quote!(pagebind_client::{ByteStream, Error, ResponseValue});
                true
            }
        }
        _ => true,
    });
    expect(imported, "client", "what the source imports of the runtime")?;
    for item in module(&mut file.items, "builder").into_iter().flatten() {
        if let Item::Use(import) = item
            && matches!(&import.tree, UseTree::Path(path) if matches!(&*path.tree, UseTree::Group(_)))
        {
            import.tree = parse_quote!(super::{ByteStream, Error, ResponseValue});
        }
    }
    Ok(())
}

/// Whether an import is one of the crate `name`.
fn of_runtime(import: &ItemUse, name: &str) -> bool {
    matches!(&import.tree, UseTree::Path(path) if path.ident == name)
}
