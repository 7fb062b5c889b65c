//! Paths of files, from one to another.

use percent_encoding::percent_decode_str;

/// Why a reference leads to no file of the set.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outside {
    /// It names something on the network, or anywhere but among files.
    Elsewhere,
    /// It leads out of the folder.
    Above,
}

/// The path that `iri`, which stands in the file at `from`, leads to; both paths are relative to the
/// folder of the set, with `/` between their parts.
pub(super) fn resolve(from: &str, iri: &str) -> Result<String, Outside> {
    let iri = iri.split('?').next().unwrap_or_default();
    let scheme = iri.split(['/', '.']).next().unwrap_or_default();
    if iri.starts_with("//") || scheme.contains(':') {
        return Err(Outside::Elsewhere);
    }
    let Ok(path) = percent_decode_str(iri).decode_utf8() else {
        return Err(Outside::Elsewhere);
    };
    let mut parts: Vec<&str> = match path.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => from.split('/').collect(),
    };
    parts.pop();
    for part in path.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop().ok_or(Outside::Above)?),
            part => parts.push(part),
        }
    }
    Ok(parts.join("/"))
}

/// The name of a file without its folder and its endings.
pub(super) fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or_default();
    match name.find('.') {
        Some(dot) if dot > 0 => &name[..dot],
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_relative_to_the_file_that_says_it_and_stays_in_the_folder() {
        let leads = |from, iri| resolve(from, iri);
        assert_eq!(leads("pages/a.yaml", "b.yaml").unwrap(), "pages/b.yaml");
        assert_eq!(leads("pages/a.yaml", "./x/../b%20c.yaml?v=1").unwrap(), "pages/b c.yaml");
        assert_eq!(leads("pages/a.yaml", "../schemas/b.yaml").unwrap(), "schemas/b.yaml");
        assert_eq!(leads("a.yaml", "/schemas/b.yaml").unwrap(), "schemas/b.yaml");
        for above in ["../../b.yaml", "../x/../../b.yaml", "..%2F..%2Fb.yaml", "/../b.yaml"] {
            assert_eq!(leads("pages/a.yaml", above), Err(Outside::Above), "{above}");
        }
        for elsewhere in ["https://a.example/b.yaml", "file:///b.yaml", "//a.example/b", "urn:a"] {
            assert_eq!(leads("a.yaml", elsewhere), Err(Outside::Elsewhere), "{elsewhere}");
        }
    }
}
