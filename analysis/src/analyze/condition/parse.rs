//! Reading a condition: `or` binds loosest, then `and`, then `not` and comparisons.

use super::{Comparison, Condition};
use crate::analyze::Refusal;
use crate::analyze::request::Literal;

/// How deeply conditions may nest.
const DEPTH: usize = 100;

/// How many comparisons a condition may hold.
const COMPARISONS: usize = 1_000;

impl Condition {
    /// Reads a condition.
    pub(in crate::analyze) fn parse(text: &str) -> Result<Self, Refusal> {
        let mut parser = Parser {
            text,
            at: 0,
            comparisons: 0,
        };
        let condition = parser.any(0)?;
        parser.skip_space();
        if parser.at < text.len() {
            return Err(parser.problem("expected \"and\", \"or\" or the end"));
        }
        Ok(condition)
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    comparisons: usize,
}

impl<'a> Parser<'a> {
    /// Terms joined by `or`.
    fn any(&mut self, depth: usize) -> Result<Condition, Refusal> {
        let mut left = self.all(depth)?;
        while self.word("or") || self.symbol("||") {
            left = Condition::Or(Box::new(left), Box::new(self.all(depth)?));
        }
        Ok(left)
    }

    /// Factors joined by `and`.
    fn all(&mut self, depth: usize) -> Result<Condition, Refusal> {
        let mut left = self.one(depth)?;
        while self.word("and") || self.symbol("&&") {
            left = Condition::And(Box::new(left), Box::new(self.one(depth)?));
        }
        Ok(left)
    }

    /// A comparison, a negation or a parenthesis.
    fn one(&mut self, depth: usize) -> Result<Condition, Refusal> {
        self.comparisons += 1;
        if depth > DEPTH || self.comparisons > COMPARISONS {
            return Err(self.problem("the condition is too long or nested too deeply"));
        }
        if self.word("not") {
            return Ok(Condition::Not(Box::new(self.one(depth + 1)?)));
        }
        if self.symbol("(") {
            let inner = self.any(depth + 1)?;
            if !self.symbol(")") {
                return Err(self.problem("expected \")\""));
            }
            return Ok(inner);
        }
        let column = self.column()?;
        let comparison = self.comparison()?;
        let literal = self.literal()?;
        Ok(Condition::Compare(column, comparison, literal))
    }

    fn column(&mut self) -> Result<String, Refusal> {
        self.skip_space();
        if self.rest().starts_with('`') {
            return self.quoted('`');
        }
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
        let length = self.rest().find(|c| !is_name(c));
        let name = &self.rest()[..length.unwrap_or(self.rest().len())];
        if name.is_empty() {
            return Err(self.problem("expected a column (in `…` if its name has spaces or signs)"));
        }
        self.at += name.len();
        Ok(name.to_owned())
    }

    fn comparison(&mut self) -> Result<Comparison, Refusal> {
        for (symbol, comparison) in [
            ("==", Comparison::Equal),
            ("!=", Comparison::NotEqual),
            ("<=", Comparison::LessOrEqual),
            (">=", Comparison::GreaterOrEqual),
            ("<", Comparison::Less),
            (">", Comparison::Greater),
        ] {
            if self.symbol(symbol) {
                return Ok(comparison);
            }
        }
        Err(self.problem("expected ==, !=, <, <=, > or >="))
    }

    fn literal(&mut self) -> Result<Literal, Refusal> {
        self.skip_space();
        if let Some(quote @ ('\'' | '"')) = self.rest().chars().next() {
            return self.quoted(quote).map(Literal::Text);
        }
        let is_number = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
        let length = self.rest().find(|c| !is_number(c));
        let number = &self.rest()[..length.unwrap_or(self.rest().len())];
        match number.parse::<f64>() {
            Ok(value) if value.is_finite() => {
                self.at += number.len();
                Ok(Literal::Number(value))
            }
            _ => Err(self.problem("expected a number, or a text in single quotes")),
        }
    }

    /// A quoted text; a doubled quote stands for itself.
    fn quoted(&mut self, quote: char) -> Result<String, Refusal> {
        let mut text = String::new();
        let mut rest = self.rest()[1..].char_indices().peekable();
        while let Some((offset, c)) = rest.next() {
            if c != quote {
                text.push(c);
            } else if rest.next_if(|(_, next)| *next == quote).is_some() {
                text.push(quote);
            } else {
                self.at += 1 + offset + 1;
                return Ok(text);
            }
        }
        Err(self.problem("the quote is not closed"))
    }

    fn word(&mut self, word: &str) -> bool {
        self.skip_space();
        let Some(head) = self.rest().get(..word.len()) else {
            return false;
        };
        let after = self.rest()[head.len()..].chars().next();
        let ends = after.is_none_or(|c| !(c.is_alphanumeric() || matches!(c, '_' | '.')));
        let found = head.eq_ignore_ascii_case(word) && ends;
        if found {
            self.at += word.len();
        }
        found
    }

    fn symbol(&mut self, symbol: &str) -> bool {
        self.skip_space();
        let found = self.rest().starts_with(symbol);
        if found {
            self.at += symbol.len();
        }
        found
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn problem(&self, problem: &str) -> Refusal {
        Refusal::Condition {
            condition: self.text.to_owned(),
            problem: problem.to_owned(),
            at: self.text[..self.at].chars().count() + 1,
        }
    }
}
