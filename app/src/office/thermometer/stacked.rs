//! A line on a phone: everything in words above the marks.

use super::arrange::Frame;
use super::layout::{Label, Lane, Row};
use super::line::Line;
use crate::office::numbers::Reading;
use crate::office::scale::text_width;
use crate::office::words;

/// Where words begin that stand above their line: after the mark, which is repeated before them.
const START: f64 = 20.0;

/// Everything in words above its line, for a phone.
pub fn row(frame: &Frame, line: &Line, top: f64, level: Option<f64>) -> (Row, f64) {
    let size = frame.size.of(line.unit);
    let tube = size.tube(line.unit);
    let mut y = top + size.name * 0.86;
    let name = frame.block(&line.name, size.name, frame.page.right, &mut y);
    let change = line.change.as_deref().map_or_else(Vec::new, |text| {
        frame.block(text, frame.size.small, frame.page.right, &mut y)
    });
    y += 4.0;
    let mut said = |side: words::Phrase, reading: Option<Reading>| {
        let width = |parts: &[String]| text_width(&parts.join(" "), size.font);
        let mut parts = frame.sided(side, reading, line, level);
        if START + width(&parts) > frame.page.right {
            // The narrowest screens name the level under the picture only.
            parts = frame.sided(side, reading, line, None);
        }
        y += 2.0;
        let label = Label {
            x: START,
            y,
            width: width(&parts),
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
    let gap = frame.bracket(line, size, (government_y, society_y), base, true);
    let bottom = gap
        .as_ref()
        .map_or(society_y + 8.0, |gap| gap.label.y + 4.0);
    let row = Row {
        stacked: true,
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
    (row, bottom + frame.size.between)
}
