//! What a comparison of public items claims is what a compiler says: for each kind of change, a
//! caller that compiles against the old source, and compiles against the new one or does not.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{env, fs, path::Path, process::Command};

use pagebind_codegen::public_items;
use pagebind_drift::rust_api::RustApi;

/// What it is, the source before, the source now, a caller, and whether it is to break.
type Case = (&'static str, &'static str, &'static str, &'static str, bool);

const CASES: &[Case] = &[
    (
        "a type that is gone",
        "pub struct A; pub struct B;",
        "pub struct B;",
        "pub fn f(_: api::A) {}",
        true,
    ),
    (
        "a type that is new",
        "pub struct A;",
        "pub struct A; pub struct B;",
        "pub fn f(_: api::A) {}",
        false,
    ),
    (
        "a field that is gone",
        "#[non_exhaustive] pub struct A { pub x: u8, pub y: u8 }",
        "#[non_exhaustive] pub struct A { pub x: u8 }",
        "pub fn f(a: api::A) -> u8 { a.y }",
        true,
    ),
    (
        "a field of another type",
        "pub struct A { pub x: u8 }",
        "pub struct A { pub x: Option<u8> }",
        "pub fn f(a: api::A) -> u8 { a.x }",
        true,
    ),
    (
        "a new field of a struct that has literals",
        "pub struct A { pub x: u8 }",
        "pub struct A { pub x: u8, pub y: u8 }",
        "pub fn f() -> api::A { api::A { x: 1 } }",
        true,
    ),
    (
        "a new field of a tuple struct",
        "pub struct A(pub u8);",
        "pub struct A(pub u8, pub u8);",
        "pub fn f() -> api::A { api::A(1) }",
        true,
    ),
    (
        "a new field of a struct that leaves room",
        "#[non_exhaustive] pub struct A { pub x: u8 }",
        "#[non_exhaustive] pub struct A { pub x: u8, pub y: u8 }",
        "pub fn f(a: api::A) -> u8 { let api::A { x, .. } = a; x }",
        false,
    ),
    (
        "a new field of a struct with private fields",
        "pub struct A { pub x: u8, z: u8 } impl A { pub fn z(&self) -> u8 { self.z } }",
        "pub struct A { pub x: u8, pub y: u8, z: u8 } impl A { pub fn z(&self) -> u8 { self.z } }",
        "pub fn f(a: &api::A) -> u8 { a.x + a.z() }",
        false,
    ),
    (
        "a struct that leaves room now",
        "pub struct A { pub x: u8 }",
        "#[non_exhaustive] pub struct A { pub x: u8 }",
        "pub fn f() -> api::A { api::A { x: 1 } }",
        true,
    ),
    (
        "a struct that need not leave room any more",
        "#[non_exhaustive] pub struct A { pub x: u8 }",
        "pub struct A { pub x: u8 }",
        "pub fn f(a: api::A) -> u8 { let api::A { x, .. } = a; x }",
        false,
    ),
    (
        "a new variant",
        "pub enum A { X }",
        "pub enum A { X, Y }",
        "pub fn f(a: api::A) { match a { api::A::X => {} } }",
        true,
    ),
    (
        "a new variant of an enum that leaves room",
        "#[non_exhaustive] pub enum A { X }",
        "#[non_exhaustive] pub enum A { X, Y }",
        "pub fn f(a: api::A) { match a { api::A::X => {} _ => {} } }",
        false,
    ),
    (
        "an enum that leaves room now",
        "pub enum A { X }",
        "#[non_exhaustive] pub enum A { X }",
        "pub fn f(a: api::A) { match a { api::A::X => {} } }",
        true,
    ),
    (
        "an enum that need not leave room any more",
        "#[non_exhaustive] pub enum A { X }",
        "pub enum A { X }",
        "pub fn f(a: api::A) { match a { api::A::X => {} _ => {} } }",
        false,
    ),
    (
        "a variant that is gone",
        "pub enum A { X, Y }",
        "pub enum A { X }",
        "pub fn f() -> api::A { api::A::Y }",
        true,
    ),
    (
        "a variant with another payload",
        "pub enum A { X(u8) }",
        "pub enum A { X(u16) }",
        "pub fn f(x: u8) -> api::A { api::A::X(x) }",
        true,
    ),
    (
        "a derive that is gone",
        "#[derive(Clone)] pub struct A;",
        "pub struct A;",
        "pub fn f(a: &api::A) -> api::A { a.clone() }",
        true,
    ),
    (
        "a derive that is new",
        "pub struct A;",
        "#[derive(Clone)] pub struct A;",
        "pub fn f(_: api::A) {}",
        false,
    ),
    (
        "a derive that is written out",
        "#[derive(Debug)] pub struct A;",
        "pub struct A; impl std::fmt::Debug for A { fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(\"A\") } }",
        "pub fn f(a: &api::A) -> String { format!(\"{a:?}\") }",
        false,
    ),
    (
        "an implementation for a type of elsewhere that is gone",
        "pub mod types { pub struct A(pub String); impl From<A> for String { fn from(a: A) -> String { a.0 } } }",
        "pub mod types { pub struct A(pub String); }",
        "pub fn f(a: api::types::A) -> String { a.into() }",
        true,
    ),
    (
        "a conversion that can no longer fail",
        "pub struct A(u8); impl TryFrom<u8> for A { type Error = (); fn try_from(x: u8) -> Result<A, ()> { Ok(A(x)) } } impl A { pub fn x(&self) -> u8 { self.0 } }",
        "pub struct A(u8); impl From<u8> for A { fn from(x: u8) -> A { A(x) } } impl A { pub fn x(&self) -> u8 { self.0 } }",
        "pub fn f(x: u8) -> Option<api::A> { api::A::try_from(x).ok() }",
        false,
    ),
    (
        "a conversion that can fail now",
        "pub struct A(u8); impl From<u8> for A { fn from(x: u8) -> A { A(x) } } impl A { pub fn x(&self) -> u8 { self.0 } }",
        "pub struct A(u8); impl TryFrom<u8> for A { type Error = (); fn try_from(x: u8) -> Result<A, ()> { Ok(A(x)) } } impl A { pub fn x(&self) -> u8 { self.0 } }",
        "pub fn f(x: u8) -> api::A { x.into() }",
        true,
    ),
    (
        "a method with another argument",
        "pub struct A; impl A { pub fn x(&self, _: u8) {} }",
        "pub struct A; impl A { pub fn x(&self, _: u16) {} }",
        "pub fn f(a: &api::A, x: u8) { a.x(x) }",
        true,
    ),
    (
        "an argument of another name",
        "pub struct A; impl A { pub fn x(self, one: u8) -> u8 { one } }",
        "pub struct A; impl A { pub fn x(mut self, two: u8) -> u8 { self = A; let A = self; two } }",
        "pub fn f(a: api::A) -> u8 { a.x(1) }",
        false,
    ),
    (
        "a method that is new",
        "pub struct A;",
        "pub struct A; impl A { pub fn x(&self) {} }",
        "pub fn f() -> api::A { api::A }",
        false,
    ),
    (
        "a function that is gone",
        "pub fn x() {} pub fn y() {}",
        "pub fn y() {}",
        "pub fn f() { api::x() }",
        true,
    ),
    (
        "a constant of another type",
        "pub const X: u8 = 1;",
        "pub const X: u16 = 1;",
        "pub fn f() -> u8 { api::X }",
        true,
    ),
    (
        "an alias of another type",
        "pub type X = u8;",
        "pub type X = u16;",
        "pub fn f(x: u8) -> api::X { x }",
        true,
    ),
];

/// Compiles a source as the crate `name`; whether that worked, and what the compiler said.
fn compile(name: &str, source: &str, folder: &Path) -> (bool, String) {
    let file = folder.join(format!("{name}.rs"));
    fs::write(&file, source).unwrap();
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc)
        .args([
            "--edition",
            "2024",
            "--crate-type",
            "lib",
            "--emit",
            "metadata",
            "--cap-lints",
            "allow",
        ])
        .args(["--crate-name", name, "--extern"])
        .arg(format!("api={}", folder.join("libapi.rmeta").display()))
        .arg("--out-dir")
        .args([folder, &file])
        .output()
        .unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn each_claim_is_what_the_compiler_says() {
    for (what, old, new, caller, breaks) in CASES {
        let items = |source| public_items(source).unwrap();
        let api = RustApi::compare(&items(old), &items(new));
        assert_eq!(api.breaks(), *breaks, "{what}: {api:?}");
        for (side, source, compiles) in [("before", old, true), ("now", new, !breaks)] {
            let folder = tempfile::tempdir().unwrap();
            let (made, said) = compile("api", source, folder.path());
            assert!(made, "{what}, {side}: {said}");
            let (made, said) = compile("caller", caller, folder.path());
            assert_eq!(made, compiles, "{what}, {side}: {said}");
        }
    }
}
