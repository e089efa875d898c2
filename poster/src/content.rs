//! What a poster says.

use crate::link::Address;
use std::collections::BTreeSet;
use survey::questionnaire::Approval;
use survey::{Campaign, Questionnaire, Site, Text};

/// Everything that stands on a poster, as text.
#[derive(Debug, Clone, PartialEq)]
pub struct Poster {
    /// Who asks.
    pub office: Bilingual,
    /// The form's title.
    pub title: Bilingual,
    /// The site's code.
    pub code: String,
    /// The site's name.
    pub name: Bilingual,
    /// What kind of place it is.
    pub kind: Bilingual,
    /// How many minutes the form takes.
    pub minutes: u32,
    /// What the code holds.
    pub link: String,
    /// The header fields of the statistics law, one line each; none where there are none.
    pub approval: Vec<String>,
    /// Whether it may not be put up: the link leads nowhere, or the answers are simulated.
    pub trial: bool,
}

/// A text in Chinese, and in English where there is a translation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bilingual {
    /// Chinese.
    pub chinese: String,
    /// English; empty where there is none, or where it says the same.
    pub english: String,
}

impl Bilingual {
    /// A text with blanks and control characters in order.
    pub fn of(text: &Text) -> Bilingual {
        let chinese = tidy(&text.chinese);
        let english = Some(tidy(&text.english)).filter(|english| *english != chinese);
        Bilingual {
            chinese,
            english: english.unwrap_or_default(),
        }
    }

    /// The product's own words.
    pub fn fixed(chinese: &str, english: &str) -> Bilingual {
        Bilingual {
            chinese: chinese.to_owned(),
            english: english.to_owned(),
        }
    }
}

/// How long a question takes, in seconds: 16 questions are three minutes.
const SECONDS_PER_QUESTION: usize = 11;

impl Poster {
    /// The poster of a site for a questionnaire. `simulated`: whether the campaign is made up.
    pub fn new(
        campaign: &Campaign,
        site: &Site,
        questionnaire: &Questionnaire,
        address: &Address,
        simulated: bool,
    ) -> Poster {
        Poster {
            office: Bilingual::of(&campaign.office),
            title: Bilingual::of(&questionnaire.title),
            code: site.code.clone(),
            name: Bilingual::of(&site.name),
            kind: Bilingual::of(&site.kind),
            minutes: minutes(questionnaire.items.len()),
            link: address.link(&site.code, &questionnaire.id),
            approval: approval(questionnaire.approval.as_ref()),
            trial: simulated || address.is_loopback(),
        }
    }

    /// The sentence that invites.
    pub fn invitation() -> Bilingual {
        Bilingual::fixed("您的感受，我们想听", "Tell us how it really is")
    }

    /// What makes it easy, one fact each.
    pub fn facts(&self) -> [Bilingual; 3] {
        let plural = if self.minutes == 1 { "" } else { "s" };
        [
            Bilingual::fixed("扫码即答", "Scan and answer"),
            Bilingual::fixed(
                &format!("约 {} 分钟", self.minutes),
                &format!("About {} minute{plural}", self.minutes),
            ),
            Bilingual::fixed("不记姓名", "No name asked"),
        ]
    }

    /// What stands above the address.
    pub fn typing() -> Bilingual {
        Bilingual::fixed("不便扫码，请在浏览器输入", "Or type into a browser")
    }

    /// What stands across a poster that may not be put up.
    pub fn warning() -> Bilingual {
        Bilingual::fixed("测试样张，请勿张贴", "TEST COPY, DO NOT PUT UP")
    }

    /// Every character that a font must have.
    pub fn characters(&self) -> BTreeSet<char> {
        let mut texts: Vec<Bilingual> = self.facts().into();
        texts.extend([Poster::invitation(), Poster::typing(), Poster::warning()]);
        texts.extend([&self.office, &self.title, &self.name, &self.kind].map(Bilingual::clone));
        texts
            .iter()
            .flat_map(|text| [text.chinese.as_str(), &text.english])
            .chain([self.code.as_str(), &self.link, "…· "])
            .chain(self.approval.iter().map(String::as_str))
            .flat_map(str::chars)
            .collect()
    }
}

fn minutes(questions: usize) -> u32 {
    let seconds = questions.saturating_mul(SECONDS_PER_QUESTION);
    u32::try_from((seconds + 30) / 60).map_or(u32::MAX, |minutes| minutes.max(1))
}

fn approval(approval: Option<&Approval>) -> Vec<String> {
    approval
        .into_iter()
        .flat_map(Approval::fields)
        .filter(|(_, value)| !value.trim().is_empty())
        .map(|(name, value)| tidy(&[name, value].concat()))
        .collect()
}

/// One line without control characters, with single blanks.
fn tidy(text: &str) -> String {
    let plain = text.replace(|c: char| c.is_control() || is_invisible(c), " ");
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Marks that no font has a glyph for and no XML file may hold, and that turn text around.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}'
        | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_questions_take_three_minutes_and_one_takes_one() {
        assert_eq!([1, 4, 16, 30].map(minutes), [1, 1, 3, 6]);
    }

    #[test]
    fn texts_become_one_line_that_every_reader_can_hold() {
        assert_eq!(tidy(" 东\n街\u{0}\u{202E} 口\u{FEFF} "), "东 街 口");
        let same = Text {
            chinese: "KFC".to_owned(),
            english: "KFC".to_owned(),
        };
        assert_eq!(Bilingual::of(&same).english, "");
    }
}
