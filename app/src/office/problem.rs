//! What went wrong between the page and the server. A timeout is not "no data".

use super::words;
use crate::problems::ProblemKind;
use survey::Language;

/// Why something could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// No answer in time.
    Timeout,
    /// No connection.
    Network,
    /// An answer that makes no sense.
    Unreadable,
    /// Nobody is signed in, or no longer.
    SignedOut,
    /// The server refused and said why (RFC 9457).
    Refused {
        /// The HTTP status.
        status: u16,
        /// What kind of problem it is; nothing if it is none that this page knows.
        kind: Option<ProblemKind>,
        /// After how many seconds to try again.
        retry_after: Option<u32>,
    },
}

impl Problem {
    /// What to tell.
    pub fn told(&self, language: Language) -> String {
        match self {
            Problem::Timeout => words::ERROR_TIMEOUT.get(language).to_owned(),
            Problem::Network => words::ERROR_NETWORK.get(language).to_owned(),
            Problem::Unreadable => words::ERROR_UNREADABLE.get(language).to_owned(),
            Problem::SignedOut => words::SESSION_OVER.get(language).to_owned(),
            Problem::Refused {
                kind: Some(kind), ..
            } => kind.told(language),
            Problem::Refused { status, .. } => language.pick(
                format!("服务器拒绝了请求（{status}）。"),
                format!("The server refused ({status})."),
            ),
        }
    }

    /// What to tell someone who is signing in.
    pub fn at_sign_in(&self, language: Language) -> String {
        match self {
            Problem::SignedOut | Problem::Refused { status: 401, .. } => {
                words::PASSWORD_WRONG.get(language).to_owned()
            }
            Problem::Refused {
                status: 429,
                retry_after,
                ..
            } => locked_out(*retry_after, language),
            other => other.told(language),
        }
    }
}

fn locked_out(seconds: Option<u32>, language: Language) -> String {
    let Some(seconds) = seconds else {
        return language.pick(
            "试错次数太多，登录已暂时锁定，请稍后再试。".to_owned(),
            "Too many wrong attempts: signing in is locked for a while. Try later.".to_owned(),
        );
    };
    let minutes = seconds.div_ceil(60).max(1);
    language.pick(
        format!("试错次数太多，登录已暂时锁定，请 {minutes} 分钟后再试。"),
        format!(
            "Too many wrong attempts: signing in is locked. Try again in {minutes} {}.",
            if minutes == 1 { "minute" } else { "minutes" }
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{Chinese, English};

    fn refused(status: u16, retry_after: Option<u32>) -> Problem {
        Problem::Refused {
            status,
            kind: None,
            retry_after,
        }
    }

    #[test]
    fn a_lock_out_says_for_how_long() {
        assert_eq!(
            refused(429, Some(890)).at_sign_in(Chinese),
            "试错次数太多，登录已暂时锁定，请 15 分钟后再试。"
        );
        assert!(
            refused(429, Some(5))
                .at_sign_in(English)
                .ends_with("in 1 minute.")
        );
        assert!(
            refused(429, None)
                .at_sign_in(English)
                .ends_with("Try later.")
        );
    }

    #[test]
    fn what_the_server_refused_is_told_in_the_language_of_the_page() {
        let problem = Problem::Refused {
            status: 503,
            kind: ProblemKind::of("/problems/unavailable"),
            retry_after: None,
        };
        assert_eq!(problem.told(Chinese), "数据库暂时无法使用。请稍候再试。");
        assert!(problem.told(English).starts_with("Not available. Please"));
    }

    #[test]
    fn a_timeout_is_not_called_no_data() {
        assert!(Problem::Timeout.told(Chinese).contains("不等于没有数据"));
        assert_eq!(
            refused(401, None).at_sign_in(Chinese),
            words::PASSWORD_WRONG.get(Chinese)
        );
        assert!(refused(500, None).told(English).contains("500"));
    }
}
