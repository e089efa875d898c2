//! Every word that the page says and that is not in the questionnaire.

use survey::Language;

/// A phrase in Chinese and in English.
#[derive(Debug, Clone, Copy)]
pub struct Words(&'static str, &'static str);

impl Words {
    /// The phrase in `language`.
    pub fn get(self, language: Language) -> &'static str {
        language.pick(self.0, self.1)
    }
}

macro_rules! words {
    ($($name:ident = $chinese:literal, $english:literal;)*) => {
        $(#[doc = $chinese] pub const $name: Words = Words($chinese, $english);)*
    };
}

words! {
    NEXT = "下一题", "Next";
    BACK = "上一题", "Back";
    SUBMIT = "提交", "Submit";
    SENDING = "正在提交…", "Sending…";
    RETRY = "重新提交", "Try again";
    START = "开始作答", "Start";
    RESTART = "从头填写", "Start over";
    LISTEN = "朗读题目", "Read aloud";
    LARGE_TYPE = "Aa 大字", "Aa large type";
    PROGRESS = "进度", "Progress";
    SAVED = "已保存在本机", "Saved on this device";
    NOT_SAVED = "本机无法保存，请一次填完", "Cannot be saved here; please finish in one go";
    RESTORED = "已恢复您上次填写的内容。", "Your earlier answers are back.";
    SIMULATED = "演示问卷，答案不作真实统计", "A demonstration; answers do not count";
    ERROR = "请留意：", "Please note: ";

    SHARED = "公用设备，不在本机保留", "Shared device: nothing is kept here";
    SHARE = "这是公用设备", "This is a shared device";

    OFFLINE = "网络不通，本机也无法保存。请不要关闭本页，联网后会自动提交。", "No connection, and nothing can be saved here. Please keep this page open; it will send by itself.";
    BUSY = "服务器正忙，本机也无法保存。请不要关闭本页，稍后会自动提交。", "The server is busy, and nothing can be saved here. Please keep this page open; it will send by itself.";
    TOO_LARGE = "内容太长，没有提交成功。请返回缩短文字。", "The answers are too long to send. Please go back and shorten the text.";
    CONFLICT = "这份答卷先前已经提交，内容与现在不同，不能再改。", "This form was already sent with other answers and cannot be changed.";
    REFUSED = "没有提交成功。答案都还在，请稍后再试。", "It could not be sent. Nothing is lost; please try again later.";

    THANKS = "谢谢您的回答", "Thank you for your answers";
    ARRIVED = "已提交", "Sent";
    WAITS = "已保存在本机，联网后自动提交", "Saved on this device; it will be sent when there is a connection";
    SIGN_IN = "已保存在本机，请重新登录后提交", "Saved on this device; please sign in again to send it";
    NOT_TAKEN = "没有被接受，仍保存在本机", "Not accepted; still saved on this device";
    NOT_TAKEN_HELP = "请联系主办单位；问题解决后可以再试，不需要的可以删除。", "Please tell the office. Try again once it is solved, or delete what is not needed.";
    SIGN_IN_LINK = "去登录", "Sign in";
    TRY = "再试一次", "Try again";
    FORGET = "从本机删除", "Delete here";
    CODE = "撤回码", "Withdrawal code";
    CODE_USE = "想撤回这份回答时要用到它。我们没有记下您是谁，只有您能凭码撤回。请截图或抄下。", "You need it to take your answers back. We do not know who you are: only you can, with this code. Take a screenshot or write it down.";
    WITHDRAW_LINK = "撤回回答", "Take answers back";

    ANOTHER = "下一位", "Next person";
    UNREAD = "不读出", "do not read out";
    ASSISTANCE = "访员填写：本次怎样协助？", "For the interviewer: how did you help?";
    ASSISTANCE_MISSING = "请选择本次怎样协助。", "Please say how you helped.";
    ALONE = "自己作答", "Answered alone";
    READ_ALOUD = "读题", "Read aloud";
    FILLED_IN = "代填", "Read and filled in";

    INTERVIEW = "访员", "Interviews";
    INTERVIEW_ASK = "请用办公室发的访员口令登录。本机登录一次即可，没有网络也能访问，联网后自动提交。", "Sign in with the interviewers' password. Once is enough; interviews work without a network and are sent later.";
    INTERVIEW_PASSWORD = "访员口令", "Interviewers' password";
    INTERVIEW_DEVICE = "本机编号（可不填）", "This device's number (optional)";
    INTERVIEW_DEVICE_HELP = "如“平板 3”。请不要写姓名。", "For example “Tablet 3”. No names, please.";
    INTERVIEW_WRONG = "口令不对。请核对，或请办公室重新设置。", "The password is not right. Check it, or ask the office for a new one.";
    INTERVIEW_ONCE = "选好一次，之后一份接一份访问；换点位、换区域都不需要网络。", "Choose once, then interview after interview. Changing the place later needs no network.";
    INTERVIEW_FORM = "问卷", "Form";
    INTERVIEW_SITE = "点位", "Site";
    INTERVIEW_AREA = "区域", "Area";
    INTERVIEW_NONE = "不指定", "None";
    INTERVIEW_NOWHERE = "未选点位", "No place chosen";
    INTERVIEW_BEGIN = "开始访问", "Begin";
    TODAY = "今天已完成", "Done today:";
    CHANGE = "更换", "Change";
    CHANGE_PLACE = "更换点位和区域", "Change the place";
    CHANGE_FROM_HERE = "从正在填写的这一份起，按新的点位和区域记录。", "It holds from the interview that is open now.";
    CHANGE_TAKE = "确定", "Take this place";
    CHANGE_LEAVE = "取消", "Cancel";
    CHANGE_FORM = "换一种问卷", "Another form";

    BROKEN_OFF_HELP = "已填的内容还在本机，您选择之前不会显示。", "Its answers are still on this device, and are not shown until you choose.";
    BROKEN_OFF_RESUME = "继续", "Go on with it";
    DROP = "放弃", "Drop";
    DROP_ANEW = "放弃并重新开始", "Drop it, start anew";
    DROP_ASK = "放弃这份访问吗？", "Drop this interview?";
    DROP_HELP = "已填的内容将从本机删除，不会提交，也无法恢复。", "Its answers will be deleted here. They are not sent, and cannot be brought back.";
    DROP_SURE = "确定放弃", "Drop it";
    DROP_LEAVE = "返回", "Back";

    WITHDRAW_TITLE = "撤回回答", "Take your answers back";
    WITHDRAW_ASK = "请输入提交后看到的 20 位撤回码。撤回后，这份回答不再计入统计，也无法恢复。", "Enter the 20 characters that you saw after sending. The answers will no longer count, and cannot be brought back.";
    WITHDRAW_HINT = "不分大小写，横线可以不输", "Capitals and hyphens do not matter";
    WITHDRAW_BUTTON = "撤回", "Take back";
    WITHDRAW_UNKNOWN = "没有找到这个撤回码对应的回答。请核对后再试；如果已经撤回过，就不用再操作。", "No answers go with this code. Please check it; if you have taken them back before, there is nothing left to do.";
    WITHDRAW_DONE_TITLE = "已撤回", "Taken back";
    WITHDRAW_DONE = "这份回答已经删除，不再计入统计。", "The answers are deleted and no longer count.";
    LOST_TITLE = "没有找到这个点位", "We do not know this place";
    LOST = "网址可能输错了，也可能点位已经撤销。您仍然可以作答。", "The address may be mistyped, or the place is no longer on the list. You can still answer.";
    LOST_BUTTON = "去作答", "Go to the survey";
}

/// 「第 3 / 12 题」.
pub fn place(language: Language, place: usize, of: usize) -> String {
    let (before, between, after) = language.pick(("第 ", " / ", " 题"), ("Question ", " of ", ""));
    [before, &place.to_string(), between, &of.to_string(), after].concat()
}

/// How much has been written, of how much.
pub fn length(language: Language, written: usize, max: usize) -> String {
    let max = max.to_string();
    if written == 0 {
        let (before, after) = language.pick(("最多 ", " 字"), ("At most ", " characters"));
        return [before, &max, after].concat();
    }
    let (before, between, after) = language.pick(
        ("已写 ", " 字，最多 ", " 字"),
        ("", " of at most ", " characters"),
    );
    [before, &written.to_string(), between, &max, after].concat()
}

/// How many finished answers are still to be sent; empty for none.
pub fn waiting(language: Language, count: u32) -> String {
    let (before, after) = language.pick(("还有 ", " 份待提交。"), ("", " waiting to be sent. "));
    counted(before, count, after)
}

/// How many finished answers were not accepted; empty for none.
pub fn refused(language: Language, count: u32) -> String {
    let (before, after) = language.pick(
        ("有 ", " 份没有被接受，仍保存在本机。"),
        ("", " not accepted, still saved here. "),
    );
    counted(before, count, after)
}

/// After too many wrong passwords.
pub fn locked(language: Language, seconds: u64) -> String {
    let (before, after) = language.pick(
        ("错误次数过多，请 ", " 秒后再试。"),
        ("Too many wrong passwords. Try again in ", " seconds."),
    );
    [before, &seconds.to_string(), after].concat()
}

/// What stands before and after the time at which an interview began that was broken off.
pub fn broken_off(language: Language) -> (&'static str, &'static str) {
    let english = ("The interview begun at ", " was broken off");
    language.pick(("", " 开始的访问中断了"), english)
}

/// Which device this is.
pub fn device(language: Language, number: i64) -> String {
    let before = language.pick("本机登记号：", "Registered as device ");
    [before, &number.to_string()].concat()
}

fn counted(before: &str, count: u32, after: &str) -> String {
    if count == 0 {
        return String::new();
    }
    [before, &count.to_string(), after].concat()
}

/// The name of the language to which the switch leads, short enough for a corner.
pub fn switch(to: Language) -> &'static str {
    to.pick("中", "EN")
}
