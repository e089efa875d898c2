//! The snippet and its preview.

use crate::office::state::Office;
use crate::office::words;
use leptos::prelude::*;
use report::SourceReport;
use survey::Language;

/// The room that embed.js makes for a first question before it knows better, in CSS pixels.
const ROOM: u32 = 380;

/// What it makes in a narrow column: so many ems, less so many per cent of the column's width.
const fn narrow(language: Language) -> (f64, f64) {
    match language {
        Language::Chinese => (33.2, 75.0),
        Language::English => (46.5, 100.0),
    }
}

/// A phone, and what an article leaves free at both its sides.
const PHONE: f64 = 360.0;
const MARGINS: f64 = 32.0;

/// How high the place must be for type of a size, as a style that the page's own style sheet cannot
/// take away. A style does not know how wide its column is, but on a phone that is nearly as wide as
/// the window. What floats or stands in a flexible box is as wide as its content, which is nothing
/// yet: hence the width.
fn room(language: Language, size: &str) -> String {
    let size = size.parse().unwrap_or(18.0);
    let (ems, percent) = narrow(language);
    let most = ems * size + percent / 100.0 * MARGINS;
    let rule = format!("width:100%;min-height:{ROOM}px!important");
    if most - percent / 100.0 * PHONE <= f64::from(ROOM) {
        return rule;
    }
    // Old browsers take the first.
    format!("{rule};min-height:max({ROOM}px,{most:.0}px - {percent}vw)!important")
}

/// What was chosen for a snippet, in the words of embed.js; empty for what it does by itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wish {
    /// The widget's key.
    pub key: String,
    /// `button`, `bar`, or inline.
    pub variant: String,
    /// `light`, `dark`, or as the reader's device is set.
    pub theme: String,
    /// A CSS colour.
    pub color: String,
    /// The size of the type in CSS pixels.
    pub font_size: String,
}

impl Wish {
    fn attributes(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("wendu", &self.key),
            ("variant", &self.variant),
            ("theme", &self.theme),
            ("color", &self.color),
            ("font-size", &self.font_size),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (name, value.as_str()))
    }

    /// What an editor pastes. A first question in the text stands in a place that is made for it
    /// before the script comes, so that nothing moves.
    pub fn snippet(&self, server: &str, language: Language) -> String {
        let attributes: String = self
            .attributes()
            .map(|(name, value)| format!(" data-{name}=\"{}\"", escaped(value)))
            .collect();
        let script = format!("<script async src=\"{server}/embed.js\"{attributes}></script>");
        match self.variant.as_str() {
            "" => format!(
                "<div style=\"{}\">{script}</div>",
                room(language, &self.font_size)
            ),
            _ => script,
        }
    }

    /// Where it can be tried, as on a page in `language`.
    pub fn preview(&self, language: Language) -> String {
        let query: Vec<String> = self
            .attributes()
            .chain([("lang", language.tag())])
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect();
        format!("/office/preview?{}", query.join("&"))
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
}

/// A value in an address: letters and digits as they are, every other byte by its number.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// What can be chosen.
pub fn controls(office: Office, report: &SourceReport, language: Language) -> AnyView {
    let wish = office.wish.get_untracked();
    let mut keys: Vec<String> = report.widgets.iter().map(|w| w.key.clone()).collect();
    if keys.is_empty() {
        keys.push(report.questionnaire.clone());
    }
    let first = keys.first().cloned().unwrap_or_default();
    if !keys.contains(&wish.key) {
        office.wish.update(|wish| wish.key = first);
    }
    let keys = keys.into_iter().map(|key| (key.clone(), key)).collect();
    let named = |words: [(&str, words::Phrase); 3]| {
        let words = words.into_iter();
        words
            .map(|(word, phrase)| (word.to_owned(), phrase.get(language).to_owned()))
            .collect()
    };
    let variants = named([
        ("", words::VARIANT_INLINE),
        ("button", words::VARIANT_BUTTON),
        ("bar", words::VARIANT_BAR),
    ]);
    let themes = named([
        ("", words::THEME_AUTO),
        ("light", words::THEME_LIGHT),
        ("dark", words::THEME_DARK),
    ]);
    let mut sizes = vec![(String::new(), "18".to_owned())];
    sizes.extend(["16", "20", "22", "24"].map(|size| (size.to_owned(), size.to_owned())));
    view! {
        <form class="controls" aria-label=words::EMBED_CHOOSE.get(language) on:submit=|event| event.prevent_default()>
            {select(office, "key", words::WIDGET_KEY.get(language), keys, wish.key, |w, v| w.key = v)}
            {select(office, "variant", words::VARIANT.get(language), variants, wish.variant, |w, v| w.variant = v)}
            {select(office, "theme", words::THEME.get(language), themes, wish.theme, |w, v| w.theme = v)}
            {select(office, "font-size", words::FONT_SIZE.get(language), sizes, wish.font_size, |w, v| w.font_size = v)}
            <label class="selector">
                <span>{words::COLOUR.get(language)}</span>
                <input name="color" value=wish.color placeholder="#0072b2" spellcheck="false"
                    on:change=move |event| office.wish.update(|wish| wish.color = event_target_value(&event))/>
            </label>
        </form>
        <p class="hint">{words::COLOUR_RULE.get(language)}</p>
    }
    .into_any()
}

fn select(
    office: Office,
    name: &'static str,
    label: &'static str,
    choices: Vec<(String, String)>,
    chosen: String,
    set: fn(&mut Wish, String),
) -> AnyView {
    let options: Vec<_> = choices
        .into_iter()
        .map(|(word, text)| {
            let selected = word == chosen;
            view! { <option value=word selected=selected>{text}</option> }.into_any()
        })
        .collect();
    view! {
        <label class="selector">
            <span>{label}</span>
            <select name=name on:change=move |event| {
                office.wish.update(|wish| set(wish, event_target_value(&event)));
            }>{options}</select>
        </label>
    }
    .into_any()
}

/// The snippet, its copy button, and how it looks.
pub fn shown(office: Office, wish: &Wish, language: Language) -> AnyView {
    let snippet = wish.snippet(&office.origin.get(), language);
    let copied = RwSignal::new(false);
    let copy = {
        let snippet = snippet.clone();
        move |_| {
            office.copy.set(snippet.clone());
            copied.set(true);
        }
    };
    let told = move || {
        let word = if copied.get() {
            words::COPIED
        } else {
            words::COPY
        };
        word.get(language)
    };
    view! {
        <div class="snippet">
            <code id="snippet">{snippet}</code>
            <button type="button" class="primary" on:click=copy>{told}</button>
        </div>
        <h3>{words::PREVIEW.get(language)}</h3>
        <iframe class="preview" title=words::PREVIEW.get(language) src=wish.preview(language)></iframe>
        <p class="note">{words::PREVIEW_RULE.get(language)}</p>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_snippet_makes_the_room_that_the_loader_fills() {
        let loader = include_str!("../../../../public/embed.js");
        assert!(loader.contains(&format!("|| {ROOM},")));
        for language in [Language::Chinese, Language::English] {
            let (ems, percent) = narrow(language);
            let rule = format!("\"calc({ems}em - {percent}%)\"");
            assert!(loader.contains(&rule), "{rule}");
        }
        assert_eq!(
            room(Language::Chinese, ""),
            "width:100%;min-height:380px!important"
        );
        for (language, most) in [
            (Language::Chinese, "821px - 75vw"),
            (Language::English, "1148px - 100vw"),
        ] {
            let rule = format!(
                "width:100%;min-height:380px!important;min-height:max(380px,{most})!important"
            );
            assert_eq!(room(language, "24"), rule);
        }
    }

    #[test]
    fn a_snippet_says_what_was_chosen_and_nothing_else() {
        let mut wish = Wish {
            key: "resident".to_owned(),
            ..Wish::default()
        };
        let script = "<script async src=\"https://wendu.example/embed.js\" data-wendu=\"resident\"";
        assert_eq!(
            wish.snippet("https://wendu.example", Language::Chinese),
            format!(
                "<div style=\"width:100%;min-height:380px!important\">{script}></script></div>"
            )
        );
        wish.variant = "button".to_owned();
        assert_eq!(
            wish.snippet("https://wendu.example", Language::Chinese),
            format!("{script} data-variant=\"button\"></script>")
        );
        wish.variant = String::new();
        wish.color = "\"><b>".to_owned();
        assert!(
            wish.snippet("", Language::Chinese)
                .contains("data-color=\"&quot;>&lt;b>\"")
        );
        assert_eq!(
            wish.preview(Language::English),
            "/office/preview?wendu=resident&color=%22%3E%3Cb%3E&lang=en"
        );
    }
}
