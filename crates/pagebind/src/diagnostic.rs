//! What is said when an input can't be taken: what happened, where, and what to do.
//!
//! Every step reports in these terms, so that one renderer serves the command line, the build
//! script and the tests. A message is a lowercase fragment without a full stop; a place names a
//! page or file, and in it a line and column, a JSON pointer, or both.

use std::fmt;

/// What kind of trouble a [`Diagnostic`] is; the command line turns it into its exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// The input was understood and something is wrong with it: a conflict, a stale file, a
    /// correction that no longer fits.
    Finding,
    /// The input could not be read: missing, truncated, not what it claims to be.
    Unreadable,
    /// The user asked for something that there is not, such as an API of a name that none bears.
    Usage,
}

/// A line and a column, both counted from 1; the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl Position {
    /// The position of the byte `offset` in `text`; past the end, that of the end.
    #[must_use]
    pub fn of_offset(text: &str, offset: usize) -> Self {
        let offset = (0..=offset.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
        let before = &text[..offset.unwrap_or_default()];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

impl Position {
    /// The positions of several byte offsets in `text`, in one pass over it.
    pub(crate) fn of_offsets(text: &str, offsets: &[Option<usize>]) -> Vec<Option<Self>> {
        let mut order: Vec<(usize, usize)> =
            offsets.iter().enumerate().filter_map(|(index, at)| Some(((*at)?, index))).collect();
        order.sort_unstable();
        let mut positions = vec![None; offsets.len()];
        let mut here = Self { line: 1, column: 1 };
        let mut seen = 0;
        for (offset, index) in order {
            let fresh = &text[seen..offset];
            here.line += fresh.matches('\n').count();
            here.column = match fresh.rfind('\n') {
                Some(newline) => fresh[newline + 1..].chars().count() + 1,
                None => here.column + fresh.chars().count(),
            };
            positions[index] = Some(here);
            seen = offset;
        }
        positions
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// One place that a [`Diagnostic`] speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The page or file, as the caller named it.
    pub source: String,
    /// Line and column in it.
    pub position: Option<Position>,
    /// JSON pointer (RFC 6901) into its document.
    pub pointer: Option<String>,
    /// What stands there, or what is wrong there.
    pub note: Option<String>,
}

impl Place {
    /// The whole of a page or file.
    pub fn new(source: impl Into<String>) -> Self {
        Self { source: source.into(), position: None, pointer: None, note: None }
    }

    /// The same place, at a line and column.
    #[must_use]
    pub fn at(mut self, position: impl Into<Option<Position>>) -> Self {
        self.position = position.into();
        self
    }

    /// The same place, at a JSON pointer.
    #[must_use]
    pub fn pointer(mut self, pointer: impl Into<String>) -> Self {
        self.pointer = Some(pointer.into());
        self
    }

    /// The same place, with a word on what stands there.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)?;
        if let Some(position) = self.position {
            write!(f, ":{position}")?;
        }
        if let Some(pointer) = &self.pointer {
            write!(f, " at {}", if pointer.is_empty() { "the root" } else { pointer })?;
        }
        if let Some(note) = &self.note {
            write!(f, ": {note}")?;
        }
        Ok(())
    }
}

/// One problem with an input: what happened, where, and what to do about it.
///
/// Its `Display` is the whole report, in several lines:
///
/// ```text
/// duplicate key `type`
///   --> pages/enroll.md:12:7 at /components/schemas/CardID
/// help: keep one of them
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of trouble it is.
    pub kind: Kind,
    /// What happened: a lowercase fragment without a full stop.
    pub message: String,
    /// Where, the most telling place first.
    pub places: Vec<Place>,
    /// What to do.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A problem with an input that was understood.
    pub fn finding(message: impl Into<String>) -> Self {
        Self { kind: Kind::Finding, message: message.into(), places: Vec::new(), help: None }
    }

    /// An input that could not be read.
    pub fn unreadable(message: impl Into<String>) -> Self {
        Self { kind: Kind::Unreadable, ..Self::finding(message) }
    }

    /// Something that was asked for, and that there is not.
    pub fn usage(message: impl Into<String>) -> Self {
        Self { kind: Kind::Usage, ..Self::finding(message) }
    }

    /// The same problem, seen at one more place.
    #[must_use]
    pub fn place(mut self, place: Place) -> Self {
        self.places.push(place);
        self
    }

    /// The same problem, with what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        for place in &self.places {
            write!(f, "\n  --> {place}")?;
        }
        if let Some(help) = &self.help {
            write!(f, "\nhelp: {help}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostic {}

/// The one of `known` that a mistyped `name` most probably means, if any is near enough.
pub fn nearest<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    // A third of the letters may be wrong, as rustc allows it.
    let most = (name.chars().count() / 3).max(1);
    let near = known.into_iter().map(|known| (strsim::damerau_levenshtein(name, known), known));
    near.filter(|(distance, _)| (1..=most).contains(distance)).min().map(|(_, known)| known)
}

/// The same for a key that `serde` does not know, by its message, which lists those that it knows.
#[must_use]
pub fn nearest_field(message: &str) -> Option<&str> {
    let unknown = ["unknown field `", "unknown variant `"];
    let names = unknown.iter().find_map(|start| message.strip_prefix(start))?;
    let mut names = names.split('`').step_by(2);
    nearest(names.next()?, names)
}

/// One or more problems, found in one run so that they can be mended in one go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// `Ok` if there is none, or all of them.
    ///
    /// # Errors
    /// The problems themselves, unless there are none.
    pub fn check(problems: Vec<Diagnostic>) -> Result<(), Self> {
        if problems.is_empty() { Ok(()) } else { Err(Self(problems)) }
    }

    /// What kind of trouble they are together: what was asked for outweighs unreadable
    /// input, and that outweighs findings.
    #[must_use]
    pub fn kind(&self) -> Kind {
        let any = |kind| self.0.iter().any(|problem| problem.kind == kind);
        let kinds = [Kind::Usage, Kind::Unreadable];
        kinds.into_iter().find(|kind| any(*kind)).unwrap_or(Kind::Finding)
    }

    /// Each of them, in the order in which they were found.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter()
    }

    /// Each of them, to say more of it.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Diagnostic> {
        self.0.iter_mut()
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(problem: Diagnostic) -> Self {
        Self(vec![problem])
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n\n" };
            write!(f, "{separator}{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_counts_lines_and_characters_from_one() {
        let text = "ab\ncé\"d";
        let at = |offset| Position::of_offset(text, offset).to_string();
        assert_eq!(at(0), "1:1");
        assert_eq!(at(3), "2:1");
        assert_eq!(at(text.find('"').unwrap()), "2:3");
        assert_eq!(at(999), "2:5");
        let several = Position::of_offsets(text, &[Some(6), None, Some(0), Some(3)]);
        let shown: Vec<_> = several.iter().map(|at| at.map(|at| at.to_string())).collect();
        let expected = [Some(at(6)), None, Some(at(0)), Some(at(3))];
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_diagnostic_says_what_where_and_what_to_do() {
        let problem = Diagnostic::unreadable("duplicate key `type`")
            .place(
                Place::new("pages/enroll.md")
                    .at(Position { line: 12, column: 7 })
                    .pointer("/components/schemas/CardID"),
            )
            .place(Place::new("pages/update.md").pointer("").note("stands here too"))
            .help("keep one of them");
        assert_eq!(
            problem.to_string(),
            "duplicate key `type`\n  \
             --> pages/enroll.md:12:7 at /components/schemas/CardID\n  \
             --> pages/update.md at the root: stands here too\n\
             help: keep one of them"
        );
    }

    #[test]
    fn a_mistyped_name_has_a_nearest_one_unless_it_is_another_word() {
        let known = ["x-expect", "x-matches", "x-sensitive"];
        assert_eq!(nearest("x-sensitve", known), Some("x-sensitive"));
        assert_eq!(nearest("x-expcet", known), Some("x-expect"));
        assert_eq!(nearest("x-sensitive", known), None);
        assert_eq!(nearest("x-codegen-name", known), None);
        let message = "unknown field `comand`, expected one of `command`, `openapi`, `crates`";
        assert_eq!(nearest_field(message), Some("command"));
        assert_eq!(nearest_field("missing field `command`"), None);
    }

    #[test]
    fn one_unreadable_input_outweighs_findings() {
        let both = Diagnostics::check(vec![Diagnostic::finding("a"), Diagnostic::unreadable("b")]);
        assert_eq!(both.unwrap_err().kind(), Kind::Unreadable);
        assert_eq!(Diagnostics::check(Vec::new()), Ok(()));
    }
}
