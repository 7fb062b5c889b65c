//! What was found in step, so that it need not be made anew to see that it still is.
//!
//! The record of an API is one SHA-256 in cargo's target folder: of this program, of every file in the API's
//! folder, of contract and source, and of the crate's manifest. It is taken anew of what stands on disk each
//! time that it is compared: a record saves the work of generating, and never that of reading. Who changes
//! anything, this program among it, has no record.

use std::{
    env, fs,
    path::{Component, Path, PathBuf},
};

use sha2::{Digest, Sha256};

use super::{
    files,
    manifest::{Kind, Manifest},
    sources::name_of,
    target::Target,
};
use crate::environment::Environment;

/// The records of a repository.
pub(crate) struct Records {
    /// The folder that holds them.
    folder: PathBuf,
    /// What they all stand for beside what belongs to one API: this program, and where it works.
    common: Sha256,
}

/// The state of an API's inputs at one moment.
pub(crate) struct Inputs(Sha256);

impl Records {
    /// The records of `environment`, if there is a place for them: they are for who builds here.
    pub(crate) fn of(environment: &Environment) -> Option<Self> {
        let target = env::var_os("CARGO_TARGET_DIR").map_or("target".into(), PathBuf::from);
        let target = environment.root.join(target);
        let program = fs::read(env::current_exe().ok()?).ok()?;
        let mut common = Sha256::new();
        add(&mut common, &program);
        add(&mut common, format!("{environment:?}").as_bytes());
        target.is_dir().then(|| Self { folder: target.join("pagebind"), common })
    }

    /// All that a client is made of; nothing where that is more than the folder of its API.
    pub(crate) fn inputs(&self, folder: &Path) -> Option<Inputs> {
        let manifest = Manifest::read(folder).ok()?;
        let overlays = manifest.pages.iter().flat_map(|page| &page.overlays);
        let mut named = overlays.chain(&manifest.overlays).chain(&manifest.references);
        if manifest.kind != Kind::Openapi || !named.all(|path| is_inside(path)) {
            return None;
        }
        let mut hash = self.common.clone();
        for path in files::list(folder, true).ok()? {
            add_file(&mut hash, &path)?;
        }
        Some(Inputs(hash))
    }

    /// How many warnings the API gave when it was last found in step, if nothing has changed since.
    pub(crate) fn in_step(&self, inputs: &Inputs, folder: &Path, target: &Target) -> Option<usize> {
        let record = fs::read_to_string(self.path(folder)).ok()?;
        let (warnings, state) = record.trim_end().split_once(' ')?;
        (inputs.with(target)? == state).then(|| warnings.parse().ok())?
    }

    /// Keeps that what was made of `inputs` is in step, unless they have changed meanwhile. Where that
    /// can't be written, nothing is lost.
    pub(crate) fn keep(&self, inputs: &Inputs, folder: &Path, target: &Target, warnings: usize) {
        let now = self.inputs(folder).and_then(|now| now.with(target));
        let Some(state) = inputs.with(target).filter(|state| now.as_ref() == Some(state)) else {
            return;
        };
        let path = self.path(folder);
        let _ = fs::create_dir_all(&self.folder)
            .and_then(|()| fs::write(path, format!("{warnings} {state}\n")));
    }

    fn path(&self, folder: &Path) -> PathBuf {
        self.folder.join(format!("{}.in-step", name_of(folder)))
    }
}

impl Inputs {
    /// The state of these inputs and of what is made of them, in hexadecimal.
    fn with(&self, target: &Target) -> Option<String> {
        let mut hash = self.0.clone();
        for path in [Some(target.contract()), target.source()].into_iter().flatten() {
            add_file(&mut hash, &path)?;
        }
        let manifest = target.folder().join("Cargo.toml");
        if manifest.exists() {
            add_file(&mut hash, &manifest)?;
        }
        Some(files::hexadecimal(&hash.finalize()))
    }
}

/// Adds a file; nothing comes of one that can't be read, or is a pipe, which would be waited for.
fn add_file(hash: &mut Sha256, path: &Path) -> Option<()> {
    let bytes = fs::metadata(path).ok()?.is_file().then(|| fs::read(path).ok())??;
    add(hash, path.as_os_str().as_encoded_bytes());
    add(hash, &bytes);
    Some(())
}

/// Adds bytes so that they can't be taken for a part of what stands before or after them.
fn add(hash: &mut Sha256, bytes: &[u8]) {
    hash.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_le_bytes());
    hash.update(bytes);
}

/// Whether a path of a manifest stays in its folder.
fn is_inside(path: &Path) -> bool {
    path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}
