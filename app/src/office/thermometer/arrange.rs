//! What every line of the thermometer has in common: its frame, its words, its bracket. Where there
//! is room, words stand beside their marks (`beside`); on a phone, above them (`stacked`).

use super::labels::{MARGIN, Span, nearest_free};
use super::layout::{Bracket, Label, Row};
use super::line::Line;
use super::size::Size;
use super::{beside, stacked};
use crate::office::numbers::{self, Reading};
use crate::office::scale::{Scale, text_width, wrap};
use crate::office::words;
use survey::Language;

/// What is the same for every line of a picture.
pub struct Frame {
    pub size: Size,
    pub scale: Scale,
    /// Where anything may stand.
    pub page: Span,
    /// Where labels of the plot may stand.
    pub plot: Span,
    /// How wide the names' column is; `None` where names stand above their line.
    pub column: Option<f64>,
    pub language: Language,
}

impl Frame {
    pub fn new(width: f64, size: Size, language: Language) -> Frame {
        let width = if width.is_finite() {
            width.max(280.0)
        } else {
            960.0
        };
        let page = Span {
            left: 0.0,
            right: width,
        };
        let stacked = width < 680.0;
        let column = (!stacked).then(|| (0.2 * width).clamp(140.0, 212.0));
        let left = column.map_or(14.0, |column| column + 28.0);
        let right = width - if stacked { 14.0 } else { 24.0 };
        Frame {
            size,
            scale: Scale { left, right },
            page,
            plot: Span {
                left: left - 12.0,
                right: width,
            },
            column,
            language,
        }
    }

    /// Whether words stand above their line, not beside it.
    pub fn is_stacked(&self) -> bool {
        self.column.is_none()
    }

    /// One line that begins at `top`, and where the next begins.
    pub fn row(&self, line: &Line, top: f64, level: Option<f64>) -> (Row, f64) {
        self.column
            .and_then(|column| beside::row(self, line, top, level, column))
            .unwrap_or_else(|| stacked::row(self, line, top, level))
    }

    /// A text in a column, line by line; `y` moves on to the next free baseline.
    pub fn block(&self, text: &str, font: f64, column: f64, y: &mut f64) -> Vec<Label> {
        wrap(text, column, font)
            .into_iter()
            .map(|line| {
                let label = Label {
                    x: 0.0,
                    y: *y,
                    width: text_width(&line, font),
                    parts: vec![line],
                };
                *y += font * 1.35;
                label
            })
            .collect()
    }

    /// What one side says: 政府 92.1% (89.9–93.8).
    pub fn sided(
        &self,
        side: words::Phrase,
        reading: Option<Reading>,
        line: &Line,
        level: Option<f64>,
    ) -> Vec<String> {
        let side = side.get(self.language).to_owned();
        let Some(reading) = reading else {
            let absent = if line.one_sided {
                words::NOT_ASKED
            } else {
                words::NO_DATA
            };
            return vec![side, absent.get(self.language).to_owned()];
        };
        let interval = reading.interval(self.language);
        let interval = match level {
            Some(level) => interval.replacen(
                '(',
                &format!(
                    "({} {} ",
                    numbers::level(level),
                    words::INTERVAL.get(self.language)
                ),
                1,
            ),
            None => interval,
        };
        vec![side, reading.written(line.unit), interval]
    }

    /// What a reading's whisker and mark take up.
    pub fn mark(&self, reading: Option<Reading>, size: Size) -> Option<Span> {
        let reading = reading?;
        let half = size.mark + 1.0;
        let centre = self.scale.x(reading.value);
        Some(Span {
            left: self.scale.x(reading.lower).min(centre - half),
            right: self.scale.x(reading.upper).max(centre + half),
        })
    }

    pub fn bracket(
        &self,
        line: &Line,
        size: Size,
        lanes: (f64, f64),
        base: f64,
        below: bool,
    ) -> Option<Bracket> {
        let (government, society, gap) = (line.government?, line.society?, line.gap?);
        let (high, low) = (self.scale.x(government.value), self.scale.x(society.value));
        let stretch = Span {
            left: high.min(low),
            right: high.max(low),
        };
        let parts = vec![
            words::GAP.get(self.language).to_owned(),
            numbers::decimal(gap.value),
            gap.interval(self.language),
        ];
        let width = text_width(&parts.join(" "), size.font);
        let centred = Span::about((high + low) / 2.0, width);
        let inside = !below && stretch.width() >= width + 4.0 * MARGIN;
        let beside = (!below)
            .then(|| nearest_free(stretch.right_of(width), self.plot, &[stretch]))
            .flatten();
        let (place, label_y) = match (inside, beside) {
            (true, _) => (centred, base + size.font * 0.36),
            (false, Some(beside)) => (beside, base + size.font * 0.36),
            (false, None) => (centred.within(self.page), base + size.font * 1.25),
        };
        Some(Bracket {
            government: (high, lanes.0 + size.mark + 2.0),
            society: (low, lanes.1 + size.mark + 2.0),
            y: base,
            label: Label {
                x: place.left,
                y: label_y,
                width,
                parts,
            },
            inside,
        })
    }
}
