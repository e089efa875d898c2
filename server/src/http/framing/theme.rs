//! What a host page may choose of the look: light or dark, one colour, the size of the type.
//! Whatever it asks for is parsed into numbers first; nothing of its text reaches the style.

use csscolorparser::Color;

/// Contrast below which text is hard to read (WCAG 2.2, 1.4.3).
const READABLE: f64 = 4.5;

/// The papers of tokens.css, on which a colour must be readable.
const LIGHT_PAPER: Rgb = Rgb([0xff, 0xff, 0xff]);
const DARK_PAPER: Rgb = Rgb([0x17, 0x1a, 0x1d]);

/// How much of the colour tints a chosen option.
const TINT: f64 = 0.12;

/// The sizes of type that a host may choose, in CSS pixels. The reader's own large type is 24.
const SIZES: std::ops::RangeInclusive<u8> = 16..=24;

/// Where tokens.css says that both schemes are spoken, and when the dark one is.
const BOTH: &str = "color-scheme:light dark";
const WHEN_DARK: &str = "@media (prefers-color-scheme:dark)";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Scheme {
    /// As the reader's device is set.
    #[default]
    Auto,
    Light,
    Dark,
}

/// A look that is sure to be readable.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Theme {
    scheme: Scheme,
    colour: Option<Rgb>,
    size: Option<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rgb([u8; 3]);

impl Theme {
    /// Reads the parameters; one that makes no sense is as good as none.
    pub fn read(scheme: Option<&str>, colour: Option<&str>, size: Option<&str>) -> Theme {
        let scheme = match scheme {
            Some("light") => Scheme::Light,
            Some("dark") => Scheme::Dark,
            _ => Scheme::Auto,
        };
        let colour = colour.and_then(Rgb::read);
        let size = size.and_then(|text| text.parse().ok());
        Theme {
            scheme,
            colour: colour.filter(|colour| {
                let on = |paper| colour.contrast(paper) >= READABLE;
                match scheme {
                    Scheme::Light => on(LIGHT_PAPER),
                    Scheme::Dark => on(DARK_PAPER),
                    Scheme::Auto => on(LIGHT_PAPER) || on(DARK_PAPER),
                }
            }),
            size: size.filter(|size| SIZES.contains(size)),
        }
    }

    /// The parameters that read as this theme.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let scheme = match self.scheme {
            Scheme::Auto => None,
            Scheme::Light => Some("light"),
            Scheme::Dark => Some("dark"),
        };
        let scheme = scheme.map(|word| ("theme", word.to_owned()));
        let colour = self.colour.map(|colour| ("color", colour.hex()));
        let size = self.size.map(|size| ("size", size.to_string()));
        [scheme, colour, size].into_iter().flatten().collect()
    }

    /// A page's style in this look.
    pub fn apply(&self, style: &str) -> String {
        let mut style = match self.scheme {
            Scheme::Auto => style.to_owned(),
            Scheme::Light => style
                .replace(BOTH, "color-scheme:light")
                .replace(WHEN_DARK, "@media not all"),
            Scheme::Dark => style
                .replace(BOTH, "color-scheme:dark")
                .replace(WHEN_DARK, "@media all"),
        };
        if let Some(size) = self.size {
            style.push_str(&format!(":root{{--body:{size}px}}"));
        }
        let schemes = [
            (Scheme::Light, LIGHT_PAPER, "light"),
            (Scheme::Dark, DARK_PAPER, "dark"),
        ];
        for (scheme, paper, name) in schemes {
            let Some(colour) = self.colour.filter(|c| c.contrast(paper) >= READABLE) else {
                continue;
            };
            let rule = format!(
                ":root{{--society:{};--on-society:{};--tint:{}}}",
                colour.hex(),
                paper.hex(),
                colour.over(paper).hex()
            );
            if self.scheme == scheme {
                style.push_str(&rule);
            } else if self.scheme == Scheme::Auto {
                style.push_str(&format!("@media (prefers-color-scheme:{name}){{{rule}}}"));
            }
        }
        style
    }

    /// The schemes that the page's `color-scheme` names.
    pub fn schemes(&self) -> &'static str {
        match self.scheme {
            Scheme::Auto => "light dark",
            Scheme::Light => "light",
            Scheme::Dark => "dark",
        }
    }
}

impl Rgb {
    /// Reads any CSS colour that is opaque.
    fn read(text: &str) -> Option<Rgb> {
        if text.len() > 64 {
            return None;
        }
        let colour = csscolorparser::parse(text).ok()?;
        let Color { a, .. } = colour;
        let [r, g, b, _] = colour.to_rgba8();
        (a >= 1.0).then_some(Rgb([r, g, b]))
    }

    fn hex(self) -> String {
        let Rgb([r, g, b]) = self;
        format!("#{r:02x}{g:02x}{b:02x}")
    }

    /// Relative luminance (WCAG 2.2).
    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let c = f64::from(channel) / 255.0;
            if c <= 0.04045 {
                c / 12.92
            } else {
                ((c + 0.055) / 1.055).powf(2.4)
            }
        };
        let Rgb([r, g, b]) = self;
        0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
    }

    /// Contrast ratio (WCAG 2.2).
    fn contrast(self, other: Rgb) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// A breath of this colour on a paper.
    fn over(self, paper: Rgb) -> Rgb {
        let Rgb([r, g, b]) = self;
        let Rgb([pr, pg, pb]) = paper;
        let mix = |on: u8, under: u8| {
            (f64::from(on) * TINT + f64::from(under) * (1.0 - TINT)).round() as u8
        };
        Rgb([mix(r, pr), mix(g, pg), mix(b, pb)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TOKENS: &str = include_str!(concat!(env!("OUT_DIR"), "/teaser.css"));

    fn theme(scheme: &str, colour: &str, size: &str) -> Theme {
        Theme::read(Some(scheme), Some(colour), Some(size))
    }

    #[test]
    fn the_papers_are_those_of_the_tokens() {
        assert!(TOKENS.contains("--paper:#fff;"));
        assert!(TOKENS.contains(&format!("--paper:{};", DARK_PAPER.hex())));
        assert_eq!(TOKENS.matches(BOTH).count(), 1);
        assert_eq!(TOKENS.matches(WHEN_DARK).count(), 1);
    }

    #[test]
    fn a_readable_colour_is_taken_and_another_is_not() {
        let style = theme("light", "#0a6e3c", "20").apply(TOKENS);
        assert!(style.contains("--society:#0a6e3c;--on-society:#ffffff"));
        assert!(style.contains(":root{--body:20px}") && style.contains("@media not all"));
        for pale in [
            "yellow",
            "#777777",
            "#fff",
            "transparent",
            "rgb(0 0 0 / 50%)",
        ] {
            assert_eq!(theme("light", pale, "").colour, None, "{pale}");
        }
        assert!(theme("dark", "yellow", "").apply("").contains("#ffff00"));
        for size in ["15", "25", "18px", "-1", "1e1"] {
            assert_eq!(theme("", "", size), Theme::default(), "{size}");
        }
    }

    #[test]
    fn a_colour_stands_only_where_it_can_be_read() {
        let style = theme("auto", "rgb(10, 110, 60)", "").apply("");
        assert!(style.starts_with("@media (prefers-color-scheme:light)"));
        assert!(!style.contains("dark"));
    }

    proptest! {
        #[test]
        fn nothing_of_a_parameter_reaches_the_style(
            scheme: String, colour in "\\PC*|[#a-f0-9]{3,9}|(rgb|hsl|url|var)\\(.*\\)[;}<]*", size: String,
        ) {
            let theme = theme(&scheme, &colour, &size);
            let added = theme.apply("");
            let parts: String = added.split("@media (prefers-color-scheme:").collect();
            let allowed = |c: char| c.is_ascii_alphanumeric() || "-:#;{}) ".contains(c);
            prop_assert!(parts.chars().all(allowed), "{added}");
            let again = theme.parameters();
            let value = |name: &str| again.iter().find(|(n, _)| *n == name).map(|(_, v)| v.as_str());
            prop_assert_eq!(Theme::read(value("theme"), value("color"), value("size")), theme);
        }

        #[test]
        fn what_is_taken_is_readable(r: u8, g: u8, b: u8, dark: bool) {
            let colour = format!("rgb({r},{g},{b})");
            let theme = theme(if dark { "dark" } else { "light" }, &colour, "");
            let paper = if dark { DARK_PAPER } else { LIGHT_PAPER };
            if let Some(taken) = theme.colour {
                prop_assert!(taken.contrast(paper) >= READABLE);
            }
        }
    }
}
