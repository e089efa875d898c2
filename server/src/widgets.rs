//! Who may embed what: the campaign's widgets, and what the command line adds.

use std::collections::BTreeMap;
use survey::Widget;
use survey::campaign::is_origin;

/// Widgets by key. A questionnaire's id is a key too.
#[derive(Debug, Clone, Default)]
pub struct Widgets(BTreeMap<String, Entry>);

#[derive(Debug, Clone, Default)]
struct Entry {
    /// Which questionnaire; that of the key's own name if none.
    questionnaire: Option<String>,
    origins: Vec<String>,
}

impl Widgets {
    /// Lets `origin` embed the widget, or the questionnaire, called `key`.
    ///
    /// # Errors
    /// If it is no origin.
    pub fn allow(&mut self, key: &str, origin: &str) -> Result<(), String> {
        if !is_origin(origin) {
            return Err(format!(
                "embed: {origin} is no origin; write scheme://host[:port] in small letters, without \
                 a path and without the scheme's usual port"
            ));
        }
        let origins = &mut self.0.entry(key.to_owned()).or_default().origins;
        if !origins.iter().any(|known| known == origin) {
            origins.push(origin.to_owned());
        }
        Ok(())
    }

    /// Adds the campaign's widgets, and checks that each asks something that there is.
    ///
    /// # Errors
    /// A text that names the widget and what is wrong with it.
    pub fn with(
        mut self,
        widgets: &[Widget],
        is_questionnaire: impl Fn(&str) -> bool,
    ) -> Result<Self, String> {
        for widget in widgets {
            let Widget {
                key, questionnaire, ..
            } = widget;
            if key != questionnaire && is_questionnaire(key) {
                return Err(format!(
                    "widget {key}: a questionnaire has this name; choose another key"
                ));
            }
            for origin in &widget.origins {
                self.allow(key, origin)?;
            }
            let entry = self.0.entry(key.clone()).or_default();
            entry.questionnaire = Some(questionnaire.clone());
        }
        let lost = self
            .0
            .keys()
            .find(|key| !is_questionnaire(self.questionnaire(key)));
        match lost {
            Some(key) => Err(format!(
                "embed: {key} is neither a questionnaire nor a widget that asks one"
            )),
            None => Ok(self),
        }
    }

    /// The questionnaire of a widget; the key itself where there is no such widget.
    pub fn questionnaire<'a>(&'a self, key: &'a str) -> &'a str {
        let entry = self.0.get(key);
        entry
            .and_then(|entry| entry.questionnaire.as_deref())
            .unwrap_or(key)
    }

    /// The origins that may embed the widget called `key`.
    pub fn origins(&self, key: &str) -> &[String] {
        self.0.get(key).map_or(&[], |entry| &entry.origins)
    }

    /// The keys by which a questionnaire may be embedded, with their origins.
    pub fn of<'a>(
        &'a self,
        questionnaire: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a [String])> {
        let entries = self.0.iter();
        entries
            .filter(move |(key, _)| self.questionnaire(key) == questionnaire)
            .map(|(key, entry)| (key.as_str(), entry.origins.as_slice()))
    }

    /// Whether `origin` may embed `questionnaire` by any widget: exactly, not by prefix.
    pub fn may_embed(&self, questionnaire: &str, origin: &str) -> bool {
        self.0.iter().any(|(key, entry)| {
            self.questionnaire(key) == questionnaire
                && entry.origins.iter().any(|allowed| allowed == origin)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn widget(key: &str, questionnaire: &str, origin: &str) -> Widget {
        Widget {
            key: key.to_owned(),
            name: survey::Text::default(),
            questionnaire: questionnaire.to_owned(),
            origins: vec![origin.to_owned()],
        }
    }

    #[test]
    fn a_widget_is_embedded_by_its_own_origins_only() {
        let mut widgets = Widgets::default();
        widgets.allow("resident", "https://a.example").unwrap();
        let known = |id: &str| id == "resident";
        let campaign = [widget("news", "resident", "https://b.example")];
        let widgets = widgets.with(&campaign, known).unwrap();
        assert_eq!(widgets.questionnaire("news"), "resident");
        assert_eq!(widgets.origins("news"), ["https://b.example"]);
        assert_eq!(widgets.origins("resident"), ["https://a.example"]);
        assert!(widgets.may_embed("resident", "https://b.example"));
        for near in [
            "https://b.example.evil",
            "http://b.example",
            "https://b.example:8443",
        ] {
            assert!(!widgets.may_embed("resident", near), "{near}");
        }
    }

    #[test]
    fn what_leads_nowhere_is_refused() {
        let known = |id: &str| matches!(id, "resident" | "cadre");
        let lost = [widget("news", "nope", "https://b.example")];
        assert!(Widgets::default().with(&lost, known).is_err());
        let shadow = [widget("cadre", "resident", "https://b.example")];
        assert!(Widgets::default().with(&shadow, known).is_err());
        let mut widgets = Widgets::default();
        assert!(widgets.allow("resident", "https://a.example/path").is_err());
        widgets.allow("nope", "https://a.example").unwrap();
        assert!(widgets.with(&[], known).is_err());
    }
}
