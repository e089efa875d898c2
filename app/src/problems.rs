//! What a server can refuse or fail at, in words for people: what happened, and what to do.
//!
//! The server's problem details (RFC 9457) name a kind by its path and explain it in English, for
//! programs. Whatever a person reads, on a page of the server or in the office, comes from here, in
//! the language of that page.

use survey::Language;

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $path:literal,
        $chinese:literal, $chinese_advice:literal, $english:literal, $english_advice:literal;)+) => {
        /// A kind of problem.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum ProblemKind {
            $($(#[$doc])* $kind,)+
        }

        impl ProblemKind {
            /// Every kind.
            pub const ALL: &'static [ProblemKind] = &[$(ProblemKind::$kind),+];

            /// The `type` of the problem details: an address at which the words stand.
            pub fn path(self) -> &'static str {
                match self { $(ProblemKind::$kind => concat!("/problems/", $path),)+ }
            }

            /// What happened.
            pub fn title(self, language: Language) -> &'static str {
                match self { $(ProblemKind::$kind => language.pick($chinese, $english),)+ }
            }

            /// What to do.
            pub fn advice(self, language: Language) -> &'static str {
                match self {
                    $(ProblemKind::$kind => language.pick($chinese_advice, $english_advice),)+
                }
            }
        }
    };
}

kinds! {
    /// Nothing stands at this address.
    NotFound = "not-found",
        "没有这个网页", "请检查网址，或重新扫描二维码。",
        "Not found", "Please check the address, or scan the code again.";
    /// Such an address takes other requests.
    Method = "method",
        "这个网址不能这样使用", "请从问卷或文明办的页面重新进入。",
        "Method not allowed", "Please come again from the survey's or the office's page.";
    /// The request could not be read.
    InvalidRequest = "invalid-request",
        "没能看懂这个请求", "请返回上一页，重新选择后再试。",
        "Invalid request", "Please go back, choose again and try once more.";
    /// The query of a picture or report could not be read.
    InvalidQuery = "invalid-query",
        "选择的条件无法计算", "请换一个条件，或刷新页面。",
        "Invalid query", "Please choose something else, or reload the page.";
    /// Answers that are not valid.
    InvalidResponse = "invalid-response",
        "有的回答不完整", "请返回检查各题，再提交一次。",
        "Invalid response", "Please go back, check the answers and send them again.";
    /// There is no such questionnaire.
    UnknownQuestionnaire = "unknown-questionnaire",
        "没有这份问卷", "请检查网址，或重新扫描二维码。",
        "Unknown questionnaire", "Please check the address, or scan the code again.";
    /// Another response has this id.
    Conflict = "conflict",
        "这份问卷已提交过另一份回答", "如需再填一份，请重新打开问卷。",
        "Conflict", "To answer once more, please open the survey anew.";
    /// More than is taken.
    TooLarge = "too-large",
        "内容太多，无法提交", "请删减填写的文字，再提交一次。",
        "Too large", "Please shorten what was written and send it again.";
    /// The body took too long.
    TooSlow = "too-slow",
        "网络太慢，没有收全", "请稍候，再提交一次。",
        "Too slow", "Please wait a moment and send it again.";
    /// The body broke off.
    Incomplete = "incomplete",
        "传输中断，没有收全", "请再提交一次。",
        "Incomplete", "Please send it again.";
    /// Only for interviewers' devices.
    Interviewer = "interviewer",
        "请访员先登录", "请打开 /interview 登录，再提交一次。",
        "Sign in", "Please sign in at /interview, then send it again.";
    /// More waits than can be taken.
    Busy = "busy",
        "现在提交的人太多", "请稍候，再提交一次。",
        "Busy", "Please wait a moment and send it again.";
    /// No room left.
    Full = "full",
        "服务器空间已满，没有保存", "请稍后再试，并告知管理员。",
        "No room", "Please try again later, and tell the administrator.";
    /// The database does not answer.
    Unavailable = "unavailable",
        "数据库暂时无法使用", "请稍候再试。",
        "Not available", "Please wait a moment and try again.";
    /// The server is not ready yet, or no longer.
    NotReady = "not-ready",
        "服务尚未就绪", "请稍候再试。",
        "Not ready", "Please wait a moment and try again.";
    /// No answer in time.
    Timeout = "timeout",
        "服务器没有按时答复", "请稍候再试。",
        "Timeout", "Please wait a moment and try again.";
    /// The server failed.
    Internal = "internal",
        "服务器出错，没有保存", "请稍后再试；仍不行时告知管理员。",
        "Internal error", "Please try again later, and tell the administrator if it stays.";
    /// The office's password is wrong.
    WrongPassword = "wrong-password",
        "口令不对", "请再试一次。忘记口令时，由管理员在服务器上运行 wendu password 另设。",
        "Wrong password", "Please try again. If it is lost, `wendu password` on the server makes a new one.";
    /// Too many wrong passwords.
    Locked = "locked",
        "试错次数太多，登录已暂时锁定", "请过一刻钟再试。",
        "Locked", "Please try again in a quarter of an hour.";
    /// For those who have signed in.
    SignIn = "sign-in",
        "请先登录", "请在文明办页面登录后再打开。",
        "Sign in", "Please sign in on the office's page, then open this again.";
    /// No answers go with the code.
    UnknownCode = "unknown-code",
        "没有与此撤回码对应的回答", "请核对撤回码；也可能已经撤回。",
        "Unknown code", "Please check the code; perhaps they have been withdrawn already.";
    /// A poster needs an address that is not known.
    NoPublicUrl = "no-public-url",
        "还不知道居民用哪个网址打开问卷", "海报上要印这个网址。请管理员启动服务时写明，例如 wendu serve --public-url https://wendu.example，再下载海报。",
        "No public address", "It is printed on posters. Please have the server started with it, such as wendu serve --public-url https://wendu.example, and fetch the poster again.";
    /// No such poster.
    NoPoster = "no-poster",
        "没有这张海报", "请核对点位、区域和问卷，或从文明办页面重新选择。",
        "No such poster", "Please check site, area and survey, or choose again on the office's page.";
    /// A poster that cannot be drawn.
    Poster = "poster",
        "这张海报画不出来", "多半是服务器的字体里缺字。请管理员安装中文字体（apt install fonts-noto-cjk），或用 --font 指定字体文件；详情见服务器日志。",
        "The poster cannot be drawn", "Most likely the server's font lacks characters. Please have a Chinese font installed (apt install fonts-noto-cjk) or named with --font; the server's log says more.";
    /// oEmbed in a format that there is not.
    UnknownFormat = "unknown-format",
        "没有这种格式", "请用 json 或 xml。",
        "Unknown format", "Please ask for json or xml.";
}

impl ProblemKind {
    /// The kind that a `type` names; nothing for that of a newer server.
    pub fn of(path: &str) -> Option<ProblemKind> {
        let mut all = ProblemKind::ALL.iter().copied();
        all.find(|kind| kind.path() == path)
    }

    /// What happened and what to do.
    pub fn told(self, language: Language) -> String {
        let (title, advice) = (self.title(language), self.advice(language));
        language.pick(format!("{title}。{advice}"), format!("{title}. {advice}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_known_by_its_path_and_has_words_in_both_languages() {
        for kind in ProblemKind::ALL {
            assert_eq!(ProblemKind::of(kind.path()), Some(*kind));
            let chinese = kind.told(Language::Chinese);
            assert!(
                chinese.chars().filter(|c| !c.is_ascii()).count() > 8,
                "{chinese}"
            );
            assert!(kind.told(Language::English).is_ascii(), "{kind:?}");
        }
        assert_eq!(ProblemKind::of("/problems/of-next-year"), None);
    }
}
