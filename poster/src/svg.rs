//! A page as SVG: presentation attributes only, so that it shows under any content security
//! policy, and no scripts, links or fonts to fetch.

use crate::font::Weight;
use crate::page::{Area, Ink, Mark, Page};
use std::fmt::Write;

/// The fonts to look for where the file is opened. Each line also says how wide it is, so that
/// nothing overlaps if another font is taken.
const FAMILIES: &str = "Noto Sans CJK SC, Noto Sans SC, Source Han Sans SC, PingFang SC, \
    Microsoft YaHei, WenQuanYi Zen Hei, sans-serif";

/// What the code is, for who does not see it; where it leads stands beside it in words.
const CODE: &str = "二维码 QR code";

/// Draws a page: a document whose text can be read aloud, and not one picture.
pub fn svg(page: &Page) -> String {
    let (width, height) = page.size.millimetres();
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}mm\" height=\"{height}mm\" \
         viewBox=\"0 0 {width} {height}\" lang=\"zh-CN\" role=\"graphics-document\">\n\
         <title>{}</title>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"{}\"/>\n\
         <g font-family=\"{FAMILIES}\">\n",
        escaped(&page.title),
        colour(Ink::White),
    );
    for mark in &page.marks {
        // Writing to a string does not fail.
        let _ = match mark {
            Mark::Text(line) => writeln!(
                out,
                "<text x=\"{:.3}\" y=\"{:.3}\" font-size=\"{:.3}\" font-weight=\"{}\" \
                 textLength=\"{:.3}\" lengthAdjust=\"spacingAndGlyphs\" fill=\"{}\">{}</text>",
                line.area.x,
                line.baseline,
                line.size,
                match line.weight {
                    Weight::Regular => 400,
                    Weight::Bold => 700,
                },
                line.area.width,
                colour(line.ink),
                escaped(&line.text),
            ),
            Mark::Bar(area, ink) => writeln!(
                out,
                "<path d=\"{}\" fill=\"{}\"/>",
                rectangle(area),
                colour(*ink)
            ),
            Mark::Code(area, code) => {
                let runs: String = code
                    .runs()
                    .into_iter()
                    .map(|run| rectangle(&area.run(run, code.modules)))
                    .collect();
                writeln!(
                    out,
                    "<path d=\"{runs}\" fill=\"{}\" shape-rendering=\"crispEdges\" role=\"img\" \
                     aria-label=\"{CODE}\"/>",
                    colour(Ink::Black)
                )
            }
        };
    }
    out.push_str("</g>\n</svg>\n");
    out
}

fn rectangle(area: &Area) -> String {
    format!(
        "M{:.4} {:.4}h{:.4}v{:.4}h-{:.4}z",
        area.x, area.y, area.width, area.height, area.width
    )
}

fn colour(ink: Ink) -> &'static str {
    match ink {
        Ink::Black => "#000",
        Ink::White => "#fff",
        Ink::Accent => "#0072b2",
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
