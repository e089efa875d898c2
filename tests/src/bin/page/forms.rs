//! The questionnaire as SurveyJS takes it, and as plain HTML.

use serde_json::{Value, json};

/// The Chinese wording of a questionnaire, with what can be chosen.
pub struct Form {
    pub title: String,
    pub questions: Vec<Question>,
}

pub struct Question {
    id: String,
    text: String,
    /// As SurveyJS names it: radiogroup, checkbox or comment.
    kind: &'static str,
    /// Code and text.
    options: Vec<(String, String)>,
}

fn chinese(text: &Value) -> String {
    text["zh-CN"].as_str().unwrap_or_default().to_owned()
}

fn options(list: &Value) -> Vec<(String, String)> {
    let list = list.as_array().map_or(&[][..], Vec::as_slice);
    let option = |option: &Value| {
        let code = option["code"].as_str().unwrap_or_default();
        (code.to_owned(), chinese(&option["text"]))
    };
    list.iter().map(option).collect()
}

impl Form {
    /// Reads a questionnaire's file.
    pub fn read(text: &str) -> Form {
        let file: Value = serde_json::from_str(text).expect("a questionnaire");
        let scales = file["scales"].as_array().expect("scales");
        let scale = |id: &Value| {
            let scale = scales.iter().find(|scale| scale["id"] == *id);
            options(&scale.expect("a scale")["options"])
        };
        let question = |item: &Value| {
            let (kind, ask) = item["ask"]
                .as_object()
                .and_then(|ask| ask.iter().next())
                .expect("a kind");
            let (kind, options) = match kind.as_str() {
                "single" if ask["scale"].is_string() => ("radiogroup", scale(&ask["scale"])),
                "single" => ("radiogroup", options(&ask["options"])),
                "rating" => ("radiogroup", scale(&ask["scale"])),
                "multiple" => ("checkbox", options(&ask["options"])),
                _ => ("comment", Vec::new()),
            };
            let id = item["id"].as_str().unwrap_or_default().to_owned();
            Question {
                id,
                text: chinese(&item["text"]),
                kind,
                options,
            }
        };
        let items = file["items"].as_array().expect("items");
        Form {
            title: chinese(&file["title"]),
            questions: items.iter().map(question).collect(),
        }
    }

    /// As SurveyJS takes it, one question a page as on ours.
    pub fn surveyjs(&self) -> Value {
        let elements: Vec<Value> = self.questions.iter().map(|question| {
            let choices: Vec<Value> = question.options.iter()
                .map(|(code, text)| json!({ "value": code, "text": text }))
                .collect();
            json!({ "type": question.kind, "name": question.id, "title": question.text, "choices": choices })
        }).collect();
        json!({ "title": self.title, "questionsOnPageMode": "questionPerPage", "elements": elements })
    }

    /// As a form without any style or script.
    pub fn html(&self) -> String {
        let question = |question: &Question| {
            let input = if question.kind == "checkbox" {
                "checkbox"
            } else {
                "radio"
            };
            let options: String = question
                .options
                .iter()
                .map(|(code, text)| {
                    format!(
                        "<p><label><input type={input} name={} value={code}>{text}</label>",
                        question.id
                    )
                })
                .collect();
            let field = if options.is_empty() {
                format!("<textarea name={}></textarea>", question.id)
            } else {
                options
            };
            format!(
                "<fieldset><legend>{}</legend>{field}</fieldset>",
                question.text
            )
        };
        let questions: String = self.questions.iter().map(question).collect();
        format!(
            "<!doctype html><html lang=zh-CN><meta charset=utf-8><meta name=viewport content=\"width=device-width\">\
             <title>{0}</title><h1>{0}</h1><form method=post>{questions}<button>提交</button></form>",
            self.title
        )
    }
}
