//! How one line of the thermometer is arranged: beside its marks where there is room, stacked above
//! them on a phone.

use super::labels::{MARGIN, Span, nearest_free};
use super::layout::{Bracket, Label, Lane, Row};
use super::line::Line;
use super::size::Size;
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
    plot: Span,
    /// How wide the names' column is; `None` where names stand above their line.
    column: Option<f64>,
    language: Language,
}

impl Frame {
    pub fn new(width: f64, size: Size, language: Language) -> Frame {
        let width = if width.is_finite() { width.max(240.0) } else { 960.0 };
        let page = Span {
            left: 0.0,
            right: width,
        };
        let stacked = width < 600.0;
        let column = (!stacked).then(|| (0.2 * width).clamp(140.0, 200.0));
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

    /// One line that begins at `top`, and where the next begins.
    pub fn row(&self, line: &Line, top: f64, level: Option<f64>) -> (Row, f64) {
        match self.column {
            Some(column) => self.wide(line, top, level, column),
            None => self.stacked(line, top, level),
        }
    }

    /// Names to the left, each reading's label beside its mark.
    fn wide(&self, line: &Line, top: f64, level: Option<f64>, column: f64) -> (Row, f64) {
        let size = self.size.of(line.unit);
        let tube = size.tube(line.unit);
        let government_y = top + size.font * 0.8;
        let society_y = government_y + size.lane + if tube { 12.0 } else { 0.0 };
        let base = society_y + size.lane + if tube { 4.0 } else { 0.0 };

        let government = self.sided(words::GOVERNMENT, line.government, line, level);
        let society = self.sided(words::SOCIETY, line.society, line, level);
        let width = |parts: &[String]| text_width(&parts.join(" "), size.font);
        let at = |span: Span, y: f64, parts: Vec<String>| Label {
            x: span.left,
            y: y + size.font * 0.36,
            width: span.width(),
            parts,
        };

        let (high, low) = (self.mark(line.government, size), self.mark(line.society, size));
        let start = Span::from_left(self.scale.left, width(&government));
        let high_label = high
            .and_then(|mark| nearest_free(mark.right_of(start.width()), self.plot, &[mark]))
            .unwrap_or(start);
        // The bracket's end comes down through society's line.
        let stem = line.government.zip(line.gap).map(|(reading, _)| {
            Span::about(self.scale.x(reading.value), 1.0)
        });
        let start = Span::from_left(self.scale.left, width(&society));
        let (low_label, low_y) = if tube {
            // Nothing is written across the tube: society's label shares the government's line.
            let mut taken: Vec<Span> = high.into_iter().collect();
            taken.push(high_label);
            let wanted = line.society.map_or(start, |reading| {
                Span::about(self.scale.x(reading.value), start.width())
            });
            let place = nearest_free(wanted, self.plot, &taken);
            (place.unwrap_or(start), government_y)
        } else {
            let taken: Vec<Span> = low.into_iter().chain(stem).collect();
            let place = low.and_then(|mark| {
                nearest_free(mark.left_of(start.width()), self.plot, &taken)
            });
            (place.unwrap_or(start), society_y)
        };

        let mut name_y = top + size.name * 0.86;
        let name = self.block(&line.name, size.name, column, &mut name_y);
        name_y += 2.0;
        let change = line.change.as_deref().map_or_else(Vec::new, |text| {
            self.block(text, self.size.small, column, &mut name_y)
        });
        let gap = self.bracket(line, size, (government_y, society_y), base, false);
        let bottom = gap.as_ref().map_or(base, |gap| gap.label.y.max(base));
        let row = Row {
            name,
            change,
            gap,
            government: Lane {
                y: government_y,
                reading: line.government,
                label: at(high_label, government_y, government),
            },
            society: Lane {
                y: society_y,
                reading: line.society,
                label: at(low_label, low_y, society),
            },
            tube: tube.then_some(society_y),
        };
        let bottom = bottom.max(name_y - self.size.small * 0.8);
        (row, bottom + self.size.between)
    }

    /// Everything in words above its line, for a phone.
    fn stacked(&self, line: &Line, top: f64, level: Option<f64>) -> (Row, f64) {
        let size = self.size.of(line.unit);
        let tube = size.tube(line.unit);
        let mut y = top + size.name * 0.86;
        let name = self.block(&line.name, size.name, self.page.right, &mut y);
        let change = line.change.as_deref().map_or_else(Vec::new, |text| {
            self.block(text, self.size.small, self.page.right, &mut y)
        });
        let mut said = |side: words::Phrase, reading: Option<Reading>| {
            let parts = self.sided(side, reading, line, level);
            y += 2.0;
            let label = Label {
                // Room for the mark, which is repeated before the words.
                x: 20.0,
                y,
                width: text_width(&parts.join(" "), size.font),
                parts,
            };
            y += size.font * 1.5;
            label
        };
        let high_label = said(words::GOVERNMENT, line.government);
        let low_label = said(words::SOCIETY, line.society);
        let government_y = y + 2.0;
        let society_y = government_y + size.lane * if tube { 1.1 } else { 0.75 };
        let base = society_y + size.lane * 0.8;
        let gap = self.bracket(line, size, (government_y, society_y), base, true);
        let bottom = gap.as_ref().map_or(society_y + 8.0, |gap| gap.label.y + 4.0);
        let row = Row {
            name,
            change,
            gap,
            government: Lane {
                y: government_y,
                reading: line.government,
                label: high_label,
            },
            society: Lane {
                y: society_y,
                reading: line.society,
                label: low_label,
            },
            tube: tube.then_some(society_y),
        };
        (row, bottom + self.size.between)
    }

    /// A text in a column, line by line; `y` moves on to the next free baseline.
    fn block(&self, text: &str, font: f64, column: f64, y: &mut f64) -> Vec<Label> {
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
    fn sided(
        &self,
        side: words::Phrase,
        reading: Option<Reading>,
        line: &Line,
        level: Option<f64>,
    ) -> Vec<String> {
        let side = side.get(self.language).to_owned();
        let Some(reading) = reading else {
            return vec![side, words::NO_DATA.get(self.language).to_owned()];
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
    fn mark(&self, reading: Option<Reading>, size: Size) -> Option<Span> {
        let reading = reading?;
        let half = size.mark + 1.0;
        let centre = self.scale.x(reading.value);
        Some(Span {
            left: self.scale.x(reading.lower).min(centre - half),
            right: self.scale.x(reading.upper).max(centre + half),
        })
    }

    fn bracket(
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
        let inside = !below && stretch.width() >= width + 6.0 * MARGIN;
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
