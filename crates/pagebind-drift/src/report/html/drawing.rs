//! The endpoints, drawn with what touched them: operations at the left, the components that
//! changed at the right, a line from each to each, in the colour of the worst change.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use indexmap::IndexMap;

use crate::{
    finding::Severity,
    report::{
        content::Group,
        text::{shortened, xml},
    },
};

/// Boxes in a column; the rest is counted in a last one.
const BOXES: usize = 40;
const ROW: usize = 36;
const HEIGHT: usize = 26;
const WIDTH: usize = 420;
const GAP: usize = 200;
const TEXT: usize = 52;

/// What stands in a column, by name, with the worst change of each.
type Column<'a> = IndexMap<&'a str, Severity>;

pub(super) fn write(groups: &[Group<'_>], out: &mut dyn Write) -> io::Result<()> {
    let mut operations = Column::new();
    let mut components = Column::new();
    let mut lines: BTreeMap<(&str, &str), Severity> = BTreeMap::new();
    for group in groups {
        for seen in &group.changes {
            let severity = seen.change.severity;
            let component = component(&seen.change.pointer);
            if let Some(component) = component {
                worsen(components.entry(component).or_insert(severity), severity);
            }
            for operation in &group.operations {
                worsen(operations.entry(operation).or_insert(severity), severity);
                if let Some(component) = component {
                    worsen(lines.entry((operation, component)).or_insert(severity), severity);
                }
            }
        }
    }
    if operations.is_empty() {
        return Ok(());
    }
    for column in [&mut operations, &mut components] {
        column.sort_by(|_, a, _, b| b.cmp(a));
    }
    let rows = operations.len().max(components.len());
    let rows = if rows > BOXES { BOXES + 1 } else { rows };
    let (width, height) = (2 * WIDTH + GAP, rows * ROW + 8);
    writeln!(
        out,
        "<div class=\"drawing\"><svg role=\"img\" aria-label=\"endpoints and what touched them\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">"
    )?;
    for ((operation, component), severity) in &lines {
        let (Some(from), Some(to)) = (place(&operations, operation), place(&components, component))
        else {
            continue;
        };
        let (x1, x2, middle) = (WIDTH, WIDTH + GAP, WIDTH + GAP / 2);
        writeln!(
            out,
            "<path class=\"{severity}\" d=\"M{x1} {from} C{middle} {from} {middle} {to} {x2} {to}\"/>"
        )?;
    }
    boxes(&operations, 0, "operations", out)?;
    boxes(&components, WIDTH + GAP, "components", out)?;
    writeln!(out, "</svg></div>")
}

fn worsen(severity: &mut Severity, other: Severity) {
    *severity = (*severity).max(other);
}

/// The component that a pointer leads into.
fn component(pointer: &str) -> Option<&str> {
    let (_, name) = pointer.strip_prefix("/components/")?.split_once('/')?;
    name.split('/').next()
}

/// The height at which a line meets a box; what is beyond the last box has none.
fn place(column: &Column<'_>, name: &str) -> Option<usize> {
    let index = column.get_index_of(name).filter(|index| *index < BOXES)?;
    Some(4 + index * ROW + HEIGHT / 2)
}

fn boxes(column: &Column<'_>, x: usize, what: &str, out: &mut dyn Write) -> io::Result<()> {
    for (index, (name, severity)) in column.iter().take(BOXES).enumerate() {
        labelled(name, &severity.to_string(), (x, 4 + index * ROW), out)?;
    }
    match column.len().saturating_sub(BOXES) {
        0 => Ok(()),
        more => labelled(&format!("and {more} more {what}"), "", (x, 4 + BOXES * ROW), out),
    }
}

fn labelled(
    name: &str,
    class: &str,
    (x, y): (usize, usize),
    out: &mut dyn Write,
) -> io::Result<()> {
    let (text_x, text_y, width) = (x + 10, y + 18, WIDTH - 2);
    writeln!(
        out,
        "<g><title>{}</title><rect class=\"{class}\" x=\"{}\" y=\"{y}\" width=\"{width}\" height=\"{HEIGHT}\" rx=\"6\"/><text x=\"{text_x}\" y=\"{text_y}\">{}</text></g>",
        xml(name),
        x + 1,
        xml(&shortened(name, TEXT))
    )
}
