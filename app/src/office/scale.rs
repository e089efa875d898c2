//! From numbers to places on paper: the shared scale, and how wide a text is.

/// The grid of every picture: quarters, no more.
pub const GRID: [f64; 5] = [0.0, 25.0, 50.0, 75.0, 100.0];

/// The 0–100 scale, laid over a stretch of the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// Where 0 stands.
    pub left: f64,
    /// Where 100 stands.
    pub right: f64,
}

impl Scale {
    /// The place of a reading between 0 and 100. What lies outside is drawn at the end; what is
    /// no number is drawn at 0, so that no picture breaks.
    pub fn x(self, reading: f64) -> f64 {
        let share = if reading.is_finite() {
            reading.clamp(0.0, 100.0) / 100.0
        } else {
            0.0
        };
        self.left + share * (self.right - self.left)
    }
}

/// The same place as a percentage, for pictures that stretch with their cell.
pub fn percent_x(reading: f64) -> String {
    format!(
        "{:.2}%",
        Scale {
            left: 0.0,
            right: 100.0
        }
        .x(reading)
    )
}

/// About how wide `text` is at `size`, on the wide side. Pictures are laid out before the browser
/// has measured anything, and natively in tests.
pub fn text_width(text: &str, size: f64) -> f64 {
    text.chars().map(|c| em(c) * size).sum()
}

fn em(c: char) -> f64 {
    match c {
        ' ' => 0.27,
        '.' | ',' | ':' | ';' | '\'' | '(' | ')' | '|' | 'i' | 'j' | 'l' | 't' | 'f' | 'r' => 0.36,
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 0.92,
        'A'..='Z' => 0.68,
        '–' | '−' | '+' | '0'..='9' | 'a'..='z' => 0.575,
        c if c.is_ascii() => 0.6,
        _ => 1.02,
    }
}

/// Breaks a text into lines no wider than `width`: at spaces, or, where there are none, between
/// any two characters, as Chinese is broken.
pub fn wrap(text: &str, width: f64, size: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_inclusive(' ') {
        if !line.is_empty() && text_width(&line, size) + text_width(word.trim_end(), size) > width {
            lines.push(line.trim_end().to_owned());
            line.clear();
        }
        for c in word.chars() {
            if !line.is_empty() && text_width(&line, size) + em(c) * size > width && c != ' ' {
                lines.push(line.trim_end().to_owned());
                line.clear();
            }
            line.push(c);
        }
    }
    let rest = line.trim_end();
    if !rest.is_empty() {
        lines.push(rest.to_owned());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_stand_where_they_belong_and_never_outside() {
        let scale = Scale {
            left: 100.0,
            right: 300.0,
        };
        assert_eq!(scale.x(0.0), 100.0);
        assert_eq!(scale.x(50.0), 200.0);
        assert_eq!(scale.x(100.0), 300.0);
        assert_eq!(scale.x(-5.0), 100.0);
        assert_eq!(scale.x(f64::INFINITY), 100.0);
        assert_eq!(scale.x(f64::NAN), 100.0);
        assert_eq!(percent_x(62.5), "62.50%");
    }

    #[test]
    fn chinese_is_wider_than_digits() {
        assert!(text_width("温差", 10.0) > text_width("33", 10.0));
        assert!(text_width("温差 33.7 (29.8–37.6)", 12.0) < 160.0);
    }

    #[test]
    fn long_names_break_at_spaces_or_anywhere_in_chinese() {
        assert_eq!(
            wrap("Satisfied: roads and greenery", 130.0, 14.0),
            ["Satisfied: roads", "and greenery"]
        );
        assert_eq!(wrap("路面绿化满意度", 60.0, 14.0), ["路面绿化", "满意度"]);
        assert!(wrap("", 60.0, 14.0).is_empty());
        let narrow = wrap("abc", 1.0, 14.0);
        assert_eq!(narrow.concat(), "abc");
    }
}
