//! Where everything of the thermometer stands, for a picture of any width. Pure, so that tests can
//! ask whether anything overlaps.

use super::arrange::Frame;
use super::labels::Span;
use super::line::Line;
use super::size::Size;
use crate::office::numbers::{self, Reading};
use crate::office::scale::{Scale, text_width};
use crate::office::words;
use survey::Language;

/// A text at its place. Labels with a value and an interval are set in parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// Its left end.
    pub x: f64,
    /// Its baseline.
    pub y: f64,
    /// How much room it was given.
    pub width: f64,
    /// Its parts: whose it is, the value, the interval.
    pub parts: Vec<String>,
}

/// One side's reading: its whisker, its mark and its label.
#[derive(Debug, Clone, PartialEq)]
pub struct Lane {
    /// The height of its line.
    pub y: f64,
    /// What is drawn; nothing without data.
    pub reading: Option<Reading>,
    /// What is said.
    pub label: Label,
}

/// The gap between the two marks.
#[derive(Debug, Clone, PartialEq)]
pub struct Bracket {
    /// Where each end hangs from, by side.
    pub government: (f64, f64),
    /// Where each end hangs from, by side.
    pub society: (f64, f64),
    /// The height of its base line.
    pub y: f64,
    /// Its number.
    pub label: Label,
    /// Whether the number stands in the base line, which then is broken.
    pub inside: bool,
}

/// One indicator at its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Whether the words stand above the marks, not beside them.
    pub stacked: bool,
    /// The name, in as many lines as it takes.
    pub name: Vec<Label>,
    /// What has changed, in small type.
    pub change: Vec<Label>,
    /// The government's reading.
    pub government: Lane,
    /// The society's reading.
    pub society: Lane,
    /// The gap, if both sides have something to say.
    pub gap: Option<Bracket>,
    /// The height at which the tube lies, for the line that is drawn as a thermometer.
    pub tube: Option<f64>,
}

/// The whole picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// How wide it is.
    pub width: f64,
    /// How high it is.
    pub height: f64,
    /// The shared scale.
    pub scale: Scale,
    /// The baseline of the scale's numbers.
    pub axis: f64,
    /// From where to where the grid is drawn: through everything, or, where words stand above
    /// their line, behind the marks only.
    pub bands: Vec<(f64, f64)>,
    /// The threshold's name, above the scale.
    pub threshold: Label,
    /// The lines from the top.
    pub rows: Vec<Row>,
}

/// Lays out `lines` in a picture `width` wide. The first line names the level.
pub fn layout(
    lines: &[Line],
    width: f64,
    threshold: f64,
    level: f64,
    size: Size,
    language: Language,
) -> Layout {
    let frame = Frame::new(width, size, language);
    let mut top = frame.size.first_row();
    let mut rows = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let level = (index == 0).then_some(level);
        let (row, bottom) = frame.row(line, top, level);
        rows.push(row);
        top = bottom;
    }
    let axis = frame.size.axis();
    let bands = if frame.is_stacked() {
        rows.iter()
            .map(|row: &Row| (row.government.y - 10.0, row.society.y + 10.0))
            .collect()
    } else {
        vec![(axis + 6.0, top - frame.size.between + 4.0)]
    };
    let name = format!(
        "{} {}",
        words::TARGET.get(language),
        numbers::percent(threshold).replace(".0%", "%")
    );
    let name_width = text_width(&name, frame.size.small);
    let place = Span::about(frame.scale.x(threshold), name_width).within(frame.page);
    Layout {
        width: frame.page.right,
        height: top,
        scale: frame.scale,
        axis,
        bands,
        threshold: Label {
            x: place.left,
            y: frame.size.small,
            width: name_width,
            parts: vec![name],
        },
        rows,
    }
}
