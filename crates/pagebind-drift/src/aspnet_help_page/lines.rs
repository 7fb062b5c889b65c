//! The lines of a help page, from HTML or text alike, and the sections that they make.

use pagebind::{
    diagnostic::{Diagnostic, Place},
    html::{self, Token},
};

use super::{
    model::{HelpPage, Member, Message},
    sample::Sample,
};

const METHODS: [&str; 7] = ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH"];

/// How notes about a member begin, as the framework writes them for its data annotations.
const NOTES: [&str; 9] = [
    "Required",
    "None.",
    "Max length:",
    "Min length:",
    "String length:",
    "Range:",
    "Data type:",
    "Matching regular expression pattern:",
    "Default value is",
];

/// The heading of a table of members.
const HEADING: [&str; 4] = ["Name", "Description", "Type", "Additional information"];

const SECTIONS: [&str; 6] = [
    "URI Parameters",
    "Body Parameters",
    "Request Formats",
    "Resource Description",
    "Response Formats",
    "Sample:",
];

impl HelpPage {
    /// Reads a help page, as HTML or as its text.
    ///
    /// # Errors
    /// A page that names no operation, or has no section about request and response: it is no
    /// help page (any more).
    pub fn parse(name: &str, text: &str) -> Result<Self, Diagnostic> {
        let lines = of(text);
        let not_one = |why: &str| {
            Diagnostic::unreadable(format!("not an API help page: {why}"))
                .place(Place::new(name))
                .help("look at the page in a browser; it may have moved, or ask for a login")
        };
        let start = lines.iter().position(|line| is_operation(line));
        let start = start.ok_or_else(|| not_one("it names no operation"))?;
        let request = lines.iter().position(|line| line == "Request Information");
        let request = request.ok_or_else(|| not_one("it has no request information"))?;
        let response = lines.iter().position(|line| line == "Response Information");
        let response = response.ok_or_else(|| not_one("it has no response information"))?;
        if !(start < request && request < response) {
            return Err(not_one("its sections are out of order"));
        }
        let page = Self {
            operation: lines[start].clone(),
            description: lines[start + 1..request].join("\n").trim().to_owned(),
            request: message(&lines[request + 1..response]),
            response: message(&lines[response + 1..]),
        };
        // A table that is written in a way nobody knows is not one without members.
        for (part, lines) in [
            (&page.request, &lines[request + 1..response]),
            (&page.response, &lines[response + 1..]),
        ] {
            let says = |word: &str| lines.iter().any(|line| line.contains(word));
            if part.members.is_empty() && says("Name") && says("Additional information") {
                return Err(not_one("a table of members that can't be read"));
            }
        }
        Ok(page)
    }
}

/// The page as lines of text, white space at both ends taken off but in samples.
fn of(text: &str) -> Vec<String> {
    let html = text.trim_start().starts_with('<');
    let text = if html { of_html(text) } else { text.to_owned() };
    text.lines().flat_map(|line| cells(line.trim())).collect()
}

/// A row of a table that is written with pipes, as its cells; any other line as it is.
fn cells(line: &str) -> Vec<String> {
    let heading = line.split('|').map(str::trim).filter(|cell| !cell.is_empty());
    let is_heading = line.contains('|') && heading.clone().any(|cell| HEADING.contains(&cell));
    let is_row = line.starts_with('|') || is_heading && heading.count() > 2;
    if !is_row {
        return vec![line.to_owned()];
    }
    let cells: Vec<&str> = line.split('|').map(str::trim).filter(|cell| !cell.is_empty()).collect();
    if cells.iter().all(|cell| cell.chars().all(|c| matches!(c, '-' | ':'))) {
        return Vec::new();
    }
    let mut lines: Vec<String> =
        cells[..cells.len() - 1].iter().map(|cell| (*cell).to_owned()).collect();
    // The notes of a member stand in one cell, and a row always ends with some.
    let last = notes(cells[cells.len() - 1]);
    let row = line.starts_with('|') && !is_heading;
    let ends_with_note = last.iter().any(|note| is_note(note));
    lines.extend(last);
    if row && !ends_with_note {
        lines.push("None.".to_owned());
    }
    lines
}

/// The notes in a cell, each of its own.
fn notes(cell: &str) -> Vec<String> {
    let mut starts: Vec<usize> = NOTES
        .iter()
        .filter(|_| is_note(cell))
        .flat_map(|note| cell.match_indices(note).map(|(at, _)| at))
        .collect();
    starts.sort_unstable();
    starts.dedup();
    if starts.is_empty() {
        return vec![cell.to_owned()];
    }
    let ends = starts.iter().skip(1).copied().chain([cell.len()]);
    starts.iter().zip(ends).map(|(start, end)| cell[*start..end].trim().to_owned()).collect()
}

fn is_note(cell: &str) -> bool {
    NOTES.iter().any(|note| cell.starts_with(note))
}

/// What a browser shows, a block to a line: enough for a page whose form is known.
fn of_html(html: &str) -> String {
    const BLOCKS: [&[u8]; 17] = [
        b"p", b"div", b"h1", b"h2", b"h3", b"h4", b"h5", b"table", b"tr", b"td", b"th", b"pre",
        b"br", b"li", b"header", b"section", b"span",
    ];
    const UNSEEN: [&[u8]; 4] = [b"script", b"style", b"head", b"title"];
    let mut text = String::new();
    let mut unseen = 0_usize;
    let mut verbatim = false;
    for token in html::tokens(html) {
        match token {
            Token::StartTag(tag) => {
                unseen += usize::from(UNSEEN.contains(&&**tag.name));
                verbatim |= &**tag.name == b"pre";
                if BLOCKS.contains(&&**tag.name) {
                    text.push('\n');
                }
            }
            Token::EndTag(tag) => {
                unseen = unseen.saturating_sub(usize::from(UNSEEN.contains(&&**tag.name)));
                verbatim &= &**tag.name != b"pre";
                if BLOCKS.contains(&&**tag.name) {
                    text.push('\n');
                }
            }
            Token::String(string) if unseen == 0 => {
                let string = String::from_utf8_lossy(&string.value).into_owned();
                if verbatim {
                    text.push_str(&string);
                } else {
                    let words: Vec<_> = string.split_whitespace().collect();
                    if string.starts_with(char::is_whitespace) {
                        text.push(' ');
                    }
                    text.push_str(&words.join(" "));
                    if string.ends_with(char::is_whitespace) {
                        text.push(' ');
                    }
                }
            }
            _ => {}
        }
    }
    text
}

/// Whether a line names an operation: `POST api/v1/customer/payments/update`.
fn is_operation(line: &str) -> bool {
    line.split_once(' ').is_some_and(|(method, path)| {
        METHODS.contains(&method) && path.contains('/') && !path.contains(' ')
    })
}

/// Reads the lines about a request or a response.
fn message(lines: &[String]) -> Message {
    let mut message = Message::default();
    let mut lines = lines.iter().map(String::as_str).peekable();
    while let Some(line) = lines.next() {
        match line {
            "URI Parameters" | "Body Parameters" | "Resource Description" => {
                let mut table = Vec::new();
                while let Some(cell) = lines.next_if(|line| !SECTIONS.contains(line)) {
                    if !cell.is_empty() {
                        table.push(cell);
                    }
                }
                members(&table, &mut message);
            }
            media_types if is_media_types(media_types) => {
                let mut sample = String::new();
                while let Some(line) = lines.next_if(|line| !is_media_types(line)) {
                    if line != "Sample:" {
                        sample.push_str(line);
                        sample.push('\n');
                    }
                }
                let sample = Sample::parse(&sample);
                for media_type in media_types.split(',') {
                    message.formats.insert(media_type.trim().to_owned(), sample.clone());
                }
            }
            _ => {}
        }
    }
    message
}

/// `application/json, text/json`
fn is_media_types(line: &str) -> bool {
    let one = |name: &str| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "/+-.".contains(c);
        name.split('/').count() == 2 && name.chars().all(allowed) && !name.starts_with('/')
    };
    !line.is_empty() && line.split(',').all(|name| one(name.trim()))
}

/// Reads a table of members: the model's name, a heading, and for each member its name, perhaps a
/// description, its type, and one or more notes. As text, cells are lines and empty ones are lost;
/// the notes tell where a row ends.
fn members(table: &[&str], message: &mut Message) {
    // In a browser's text the four cells of the heading run into one line. Members may well be
    // called like one of them, so only the first run of cells is the heading.
    let heading = |at: usize| match &table[at..] {
        ["NameDescriptionTypeAdditional information", ..] => Some(at + 1),
        ["Name", "Description", "Type", "Additional information", ..] => Some(at + 4),
        _ => None,
    };
    let Some((first, rows)) = (0..table.len()).find_map(|at| Some((at, heading(at)?))) else {
        return;
    };
    if let Some(model) = table[..first].last() {
        message.model = (*model).to_owned();
    }
    let mut row: Vec<&str> = Vec::new();
    let mut notes: Vec<String> = Vec::new();
    let mut finish = |row: &mut Vec<&str>, notes: &mut Vec<String>| {
        let member = match row[..] {
            [_] => Member::default(),
            [_, model] => Member { model: model.to_owned(), ..Member::default() },
            [_, ref description @ .., model] => Member {
                description: description.join(" "),
                model: model.to_owned(),
                ..Member::default()
            },
            [] => return,
        };
        let name = row[0].to_owned();
        let notes = std::mem::take(notes);
        message.members.insert(name, Member { notes, ..member });
        row.clear();
    };
    for cell in &table[rows..] {
        if is_note(cell) && !row.is_empty() {
            notes.push((*cell).to_owned());
        } else {
            if !notes.is_empty() {
                finish(&mut row, &mut notes);
            }
            row.push(cell);
        }
    }
    finish(&mut row, &mut notes);
}
