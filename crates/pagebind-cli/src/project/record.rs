//! What was found in step, so that it need not be made anew to see that it still is.
//!
//! The record of an API is one SHA-256 in cargo's target folder: of this program, of every file in the API's
//! folder, of contract and source, and of the crate's manifest. It is taken anew of what stands on disk each
//! time that it is compared: a record saves the work of generating, and never that of reading. Who changes
//! anything, this program among it, has no record.
//!
//! Only the program, which is far larger than all else, is not read each time: what it hashes to is kept
//! beside the records, for as long as the file system says by what no program can set that it is the same file.

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
        if !environment.target_folder.is_dir() {
            return None;
        }
        let folder = environment.target_folder.join("pagebind");
        let mut common = Sha256::new();
        add(&mut common, hash_of_program(&folder)?.as_bytes());
        add(&mut common, format!("{environment:?}").as_bytes());
        Some(Self { folder, common })
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

/// What this program hashes to, kept in `folder`.
fn hash_of_program(folder: &Path) -> Option<String> {
    let program = env::current_exe().ok()?;
    let kept = folder.join("program");
    let identity = identity(&fs::metadata(&program).ok()?);
    if let Some(identity) = &identity
        && let Some((of, hash)) =
            fs::read_to_string(&kept).ok().as_deref().and_then(|kept| kept.rsplit_once(' '))
        && of == identity
    {
        return Some(hash.to_owned());
    }
    let hash = files::sha256(&fs::read(&program).ok()?);
    if let Some(identity) = identity {
        let _ =
            fs::create_dir_all(folder).and_then(|()| fs::write(kept, format!("{identity} {hash}")));
    }
    Some(hash)
}

/// What is another thing for another file, and once the same one is changed: the time of the last change is
/// the system's, and nobody can set it.
#[cfg(unix)]
fn identity(file: &fs::Metadata) -> Option<String> {
    use std::os::unix::fs::MetadataExt;
    let (device, inode, size) = (file.dev(), file.ino(), file.size());
    Some(format!("{device} {inode} {size} {}.{:09}", file.ctime(), file.ctime_nsec()))
}

/// Where the system keeps no such time, the program is read each time.
#[cfg(not(unix))]
fn identity(_: &fs::Metadata) -> Option<String> {
    None
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

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_written_again_is_another_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("program");
        let identity = || identity(&fs::metadata(&path).unwrap());
        fs::write(&path, "one").unwrap();
        let first = identity();
        assert_eq!(identity(), first);
        let modified = fs::metadata(&path).unwrap().modified().unwrap();
        fs::rename(&path, folder.path().join("before")).unwrap();
        fs::write(&path, "two").unwrap();
        fs::File::options().write(true).open(&path).unwrap().set_modified(modified).unwrap();
        assert_ne!(identity(), first);
    }

    #[test]
    fn the_hash_of_this_program_is_kept_for_this_program_alone() {
        let folder = tempfile::tempdir().unwrap();
        let kept = folder.path().join("program");
        let hash = hash_of_program(folder.path()).unwrap();
        assert_eq!(hash, files::sha256(&fs::read(env::current_exe().unwrap()).unwrap()));
        let text = fs::read_to_string(&kept).unwrap();
        // As it is taken where nothing has changed, and not where something has.
        fs::write(&kept, text.replace(&hash, "kept")).unwrap();
        assert_eq!(hash_of_program(folder.path()).as_deref(), Some("kept"));
        fs::write(&kept, format!("0 {}", text.replace(&hash, "kept"))).unwrap();
        assert_eq!(hash_of_program(folder.path()), Some(hash));
    }
}
