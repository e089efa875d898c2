//! A line where there is room: its name to the left, each reading's label beside its mark.

use super::arrange::Frame;
use super::labels::{Span, nearest_free};
use super::layout::{Label, Lane, Row};
use super::line::Line;
use super::size::Size;
use crate::office::numbers::Reading;
use crate::office::scale::text_width;
use crate::office::words;

/// The line that begins at `top`, and where the next begins. Names get a column of their own.
/// `None` if a label finds no room beside its mark, because an interval is as wide as the scale.
pub fn row(
    frame: &Frame,
    line: &Line,
    top: f64,
    level: Option<f64>,
    column: f64,
) -> Option<(Row, f64)> {
    let size = frame.size.of(line.unit);
    let tube = size.tube(line.unit);
    let government_y = top + size.font * 0.8;
    let society_y = government_y + size.lane + if tube { 12.0 } else { 0.0 };
    let base = society_y + size.lane + if tube { 4.0 } else { 0.0 };

    let high = frame.mark(line.government, size);
    let low = frame.mark(line.society, size);
    let words = Wording {
        frame,
        line,
        level,
        size,
    };
    let government = words
        .place(
            words::GOVERNMENT,
            line.government,
            government_y,
            &spans(&[high]),
            |width| high.map(|mark| mark.left_of(width)),
        )
        .or_else(|| words.absence(words::GOVERNMENT, line.government, government_y))?;
    // The bracket's end comes down through society's line.
    let stem = line
        .government
        .filter(|_| line.gap.is_some())
        .map(|reading| Span::about(frame.scale.x(reading.value), 1.0));
    let own_line = |taken: &[Span]| {
        words.place(words::SOCIETY, line.society, society_y, taken, |width| {
            low.map(|mark| mark.left_of(width))
        })
    };
    // Nothing is written across the tube if it can be helped: society's label then shares the
    // government's line.
    let above = || {
        let said = Span::from_left(government.x, government.width);
        let taken = spans(&[high, Some(said)]);
        words.place(
            words::SOCIETY,
            line.society,
            government_y,
            &taken,
            |width| {
                line.society
                    .map(|reading| Span::about(frame.scale.x(reading.value), width))
            },
        )
    };
    let society = tube
        .then(above)
        .flatten()
        .or_else(|| own_line(&spans(&[low, stem])))
        .or_else(|| own_line(&spans(&[low])))
        .or_else(|| words.absence(words::SOCIETY, line.society, society_y))?;

    let mut name_y = top + size.name * 0.86;
    let name = frame.block(&line.name, size.name, column, &mut name_y);
    name_y += 2.0;
    let change = line.change.as_deref().map_or_else(Vec::new, |text| {
        frame.block(text, frame.size.small, column, &mut name_y)
    });
    let gap = frame.bracket(line, size, (government_y, society_y), base, false);
    let drawn = gap.as_ref().map_or(base, |gap| gap.label.y.max(base));
    let bottom = drawn.max(name_y - frame.size.small * 0.8);
    let row = Row {
        stacked: false,
        name,
        change,
        gap,
        government: Lane {
            y: government_y,
            reading: line.government,
            label: government,
        },
        society: Lane {
            y: society_y,
            reading: line.society,
            label: society,
        },
        tube: tube.then_some(society_y),
    };
    Some((row, bottom + frame.size.between))
}

fn spans(found: &[Option<Span>]) -> Vec<Span> {
    found.iter().copied().flatten().collect()
}

/// What it takes to word a reading.
struct Wording<'a> {
    frame: &'a Frame,
    line: &'a Line,
    level: Option<f64>,
    size: Size,
}

impl Wording<'_> {
    /// The label as near to where it is wanted as it gets, with the level if that fits, without if
    /// not; `None` if there is nothing to say or no room.
    fn place(
        &self,
        side: words::Phrase,
        reading: Option<Reading>,
        y: f64,
        taken: &[Span],
        wanted: impl Fn(f64) -> Option<Span>,
    ) -> Option<Label> {
        let room = self.frame.plot;
        [self.level, None].into_iter().find_map(|level| {
            let parts = self.frame.sided(side, reading, self.line, level);
            let wanted = wanted(text_width(&parts.join(" "), self.size.font))?;
            let place = nearest_free(wanted, room, taken)?;
            Some(self.label(place.left, y, parts))
        })
    }

    /// That there is no reading, where the scale begins.
    fn absence(&self, side: words::Phrase, reading: Option<Reading>, y: f64) -> Option<Label> {
        if reading.is_some() {
            return None;
        }
        let parts = self.frame.sided(side, None, self.line, None);
        Some(self.label(self.frame.scale.left, y, parts))
    }

    fn label(&self, x: f64, y: f64, parts: Vec<String>) -> Label {
        Label {
            x,
            y: y + self.size.font * 0.36,
            width: text_width(&parts.join(" "), self.size.font),
            parts,
        }
    }
}
