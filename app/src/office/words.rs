//! Every fixed text of the office, in Chinese and in English. Sentences with numbers in them are
//! made in `sentences`.

use survey::Language;

/// A text in both languages.
#[derive(Debug, Clone, Copy)]
pub struct Phrase(&'static str, &'static str);

impl Phrase {
    /// The text in `language`.
    pub fn get(self, language: Language) -> &'static str {
        language.pick(self.0, self.1)
    }
}

macro_rules! phrases {
    ($($name:ident = $chinese:literal, $english:literal;)+) => {
        $(pub const $name: Phrase = Phrase($chinese, $english);)+
    };
}

// The frame.
phrases! {
    PRODUCT = "温度", "Wendu";
    SIMULATED = "模拟数据：仅供演示，不是真实调查结果", "Simulated data: a demonstration, not the result of a survey";
    OTHER_LANGUAGE = "English", "中文";
    SIGN_OUT = "退出", "Sign out";
    LIVE = "实时更新", "Live";
    CONNECTING = "正在连接…", "Connecting…";
    LOST = "连接中断，正在重连", "Connection lost, trying again";
}

// Signing in.
phrases! {
    SIGN_IN_TITLE = "文明办登录", "Office sign-in";
    SIGN_IN_HINT = "口令在首次启动服务时显示一次，由管理员保管。", "The password was shown once, when the server first started. Your administrator keeps it.";
    PASSWORD = "口令", "Password";
    SIGN_IN = "登录", "Sign in";
    SIGNING_IN = "正在登录…", "Signing in…";
    PASSWORD_EMPTY = "请输入口令", "Enter the password";
    PASSWORD_WRONG = "口令不对，请再试一次", "That password is not right. Try again";
    SESSION_OVER = "登录已过期，请重新登录", "Your session has ended. Sign in again";
}

// What is chosen.
phrases! {
    CHOOSE = "选择", "Selection";
    ARRANGE = "表格选项", "Table options";
    WAVE = "轮次", "Wave";
    ALL_WAVES = "全部轮次", "All waves";
    POPULATION = "调查对象", "Population";
    LEVEL = "置信水平", "Confidence level";
    MORE_SETTINGS = "更多设置", "More settings";
    METHOD = "区间算法", "Interval method";
    WEIGHTING = "加权", "Weighting";
    RAKED = "按人口加权", "Weighted to the population";
    UNWEIGHTED = "不加权", "Unweighted";
    BREAK_DOWN = "分组方式", "Break down by";
    SHOW = "指标", "Show";
    SORT = "排序", "Sort by";
    BY_AREA = "区域", "Area";
    BY_WAVE = "轮次", "Wave";
    BY_MODE = "方式", "Mode";
    BY_AGE = "年龄", "Age";
    BY_SEX = "性别", "Sex";
    BY_BUSINESS = "行业", "Business";
    SORT_GIVEN = "原有顺序", "Given order";
    SORT_ESTIMATE = "估计值，从高到低", "Estimate, highest first";
    SORT_GAP = "温差，从大到小", "Gap, widest first";
    SORT_NAME = "名称", "Name";
    SORT_N = "样本量，从多到少", "Sample size, largest first";
}

// The two sides and what is read of them.
phrases! {
    GOVERNMENT = "政府", "Government";
    SOCIETY = "社会", "Society";
    GAP = "温差", "Gap";
    TEMPERATURE = "温度", "Temperature";
    GOVERNMENT_TEMPERATURE = "政府温度", "Government temperature";
    SOCIETY_TEMPERATURE = "社会温度", "Society temperature";
    RESIDENTS = "居民", "Residents";
    CADRES = "干部", "Cadres";
    MERCHANTS = "商户", "Merchants";
    NO_DATA = "暂无数据", "No data";
    FEW = "样本少", "Few answers";
    TARGET = "目标", "Target";
    INTERVAL = "区间", "CI";
    NOT_ASKED = "未问此题", "Not asked";
    SOCIETY_IN_SENTENCE = "社会温度", "society's temperature";
    GAP_IN_SENTENCE = "温差", "the gap";
    WHOLE = "合计", "All";
}

// Headings and columns.
phrases! {
    THERMOMETER_LEAD = "同一题目，政府怎么看，社会怎么看", "The same questions, as the government and as society see them";
    DESCRIPTION = "每个指标一行，刻度 0 到 100：圆点是政府的读数，菱形是社会的读数，横线是区间，方括号是两者的温差。全部数值见随后的表格。", "A line for each indicator on a scale from 0 to 100: a circle for the government's reading, a diamond for society's, whiskers for intervals, a bracket for the gap. All values are in the table that follows.";
    OTHERS_TITLE = "其他指标", "Other indicators";
    BREAKDOWN_TITLE = "分组结果", "Broken down";
    COLUMN_N = "样本量", "n";
    COLUMN_GAP = "温差（区间）", "Gap (CI)";
    COLUMN_INTERVAL = "（区间）", " (CI)";
    COLUMN_CHANGE = "较上一轮", "Since the last wave";
    COLUMN_INDICATOR = "指标", "Indicator";
    NO_GROUP_GAP = "干部问卷没有这项分组，温差只有合计。", "The cadres' form does not ask this, so the gap is known for all only.";
}

// How it is computed.
phrases! {
    HOW = "如何计算", "How this is computed";
    QUESTION = "题目", "Question";
    COUNTS_YES = "计为“是”", "Counts as yes";
    COUNTS_NO = "计为“否”", "Counts as no";
    LEFT_OUT = "不计入", "Left out";
    UNANSWERED = "未作答", "unanswered";
    WEIGHT = "在温度中的权重", "Weight in the temperature";
    LIST_COMMA = "、", ", ";
    RATE_RULE = "比率 = “是” ÷（“是” + “否”）。只数计入的回答。", "Rate = yes ÷ (yes + no). Only answers that count are counted.";
    TEMPERATURE_RULE = "温度是各加权指标的加权平均，0 到 100 度；区间由各指标的区间按其相关性合成（MOVER）。", "The temperature is the weighted mean of the weighted indicators, from 0 to 100 degrees; its interval joins theirs with their correlations (MOVER).";
    GAP_RULE = "温差 = 政府 − 社会。指标温差的区间用 Newcombe 第 10 法。", "Gap = government − society. The interval of an indicator's gap is Newcombe's method 10.";
    GAP_RULE_WEIGHTED = "温差 = 政府 − 社会。温差的区间由两侧各自的区间合成（MOVER）。", "Gap = government − society. The gap's interval joins those of the two sides (MOVER).";
    WEIGHTED_RULE = "按人口加权：给每份回答一个权重，使各组的权重之和等于该组人口数（迭代加权，raking）。比率 = “是”的权重 ÷ 计入回答的权重；区间用计入加权影响的标准误（泰勒线性化）；有效样本不足 30 份时，改用较宽的 Korn–Graubard 区间。", "Weighted to the population: each answer gets a weight, so that the weights of every group add up to its people (raking). Rate = weights of yes ÷ weights of the answers that count. Intervals rest on standard errors with the weighting in them (Taylor linearisation); below 30 effective answers they are Korn and Graubard's, which are wider.";
    LEVEL_RULE = "置信区间的含义：同样的调查做很多次，约有这么多比例的区间会包含真实值。", "What the level means: were the survey repeated many times, about this share of the intervals would hold the true value.";
}

// Nothing there, or not yet.
phrases! {
    LOADING = "正在读取…", "Loading…";
    EMPTY_TITLE = "还没有回答", "No answers yet";
    EMPTY_LEAD = "收到第一份回答后，这里会显示：", "Once the first answer is in, this is what will stand here:";
    EMPTY_THERMOMETER = "温度计：政府与社会在每个指标上的读数、区间和温差", "The thermometer: what government and society say on each indicator, with intervals and the gap";
    EMPTY_TABLE = "各乡镇街道的结果，区间画在同一把尺上", "The result of each township, its interval drawn on one scale";
    EMPTY_DO = "现在可以做：把问卷地址发出去", "What to do now: hand out the addresses of the forms";
    EMPTY_WAVE = "这一轮还没有回答。", "This wave has no answers yet.";
    SEE_ALL_WAVES = "查看全部轮次", "See all waves";
    RETRY = "再试一次", "Try again";
    STILL_OLD = "下面仍是上一次读到的结果。", "Below is still what was read last.";
    ERROR_TIMEOUT = "服务器没有及时回应。这不等于没有数据。", "The server did not answer in time. That does not mean that there is no data.";
    ERROR_NETWORK = "连不上服务器，请检查网络。", "The server cannot be reached. Check the network.";
    ERROR_UNREADABLE = "服务器的回应读不懂，可能版本不一致，请刷新页面。", "The server's answer cannot be read; the page may be out of date. Reload it.";
}

// Embedding and sources.
phrases! {
    VIEW_RESULTS = "结果", "Results";
    VIEW_EMBED = "嵌入与来源", "Embedding and sources";
    VIEWS_LABEL = "页面", "Pages";
    EMBED_TITLE = "把问卷放进新闻网页", "Put the questionnaire into a news page";
    EMBED_WHERE = "获准嵌入的网站：", "May be embedded by: ";
    EMBED_NOWHERE = "还没有网站获准嵌入。请在行动文件的 widgets 中，或用 --embed 写明网站地址。", "No site may embed it yet. Name the sites in the campaign's widgets, or with --embed.";
    EMBED_CHOOSE = "嵌入代码的选项", "Options of the snippet";
    WIDGET_KEY = "嵌入代号", "Widget";
    VARIANT = "样式", "Variant";
    VARIANT_INLINE = "文中第一题", "First question in the text";
    VARIANT_BUTTON = "按钮，点开填写", "Button with a dialog";
    VARIANT_BAR = "底部横条", "Bar at the bottom";
    THEME = "明暗", "Light or dark";
    THEME_AUTO = "随读者设备", "As the reader's device";
    THEME_LIGHT = "浅色", "Light";
    THEME_DARK = "深色", "Dark";
    FONT_SIZE = "字号（像素）", "Type size (px)";
    COLOUR = "主色", "Colour";
    COLOUR_RULE = "主色与底色的对比度不足 4.5:1 时，仍用默认颜色。", "A colour whose contrast is below 4.5:1 is replaced by ours.";
    COPY = "复制代码", "Copy";
    COPIED = "已复制", "Copied";
    PREVIEW = "预览", "Preview";
    PREVIEW_RULE = "预览不会提交，也不计数。", "Nothing is sent or counted from the preview.";
    SOURCES_TITLE = "从哪里来，有多少人答完", "Where people come from, and how many finish";
    SOURCES_NONE = "还没有浏览记录。有人打开问卷后，这里会列出各来源的浏览、开始和完成。", "Nobody has opened the questionnaire yet. Views, starts and completions by source will stand here.";
    SOURCES_SINCE = "自 ", "Since ";
    SOURCES_AS_OF = "答卷很多，隔一段时间才重新统计一次；本表截至 ", " With so many answers they are counted anew now and then; this table is as of ";
    SOURCES_RULE = " 起计数。括号内为 95% 置信区间（Wilson），按每次浏览相互独立计算。只数次数，不记录任何人；离线填写的，提交后才计入浏览和开始，中途放弃的不计。", ". In brackets 95% intervals (Wilson), as if every view were independent. Counts only, nothing about anyone; what is answered offline counts as seen and begun once it is sent, and not if it is broken off.";
    SOURCE = "来源", "Source";
    VIEWS = "浏览", "Views";
    STARTS = "开始", "Starts";
    COMPLETIONS = "完成", "Completions";
    START_RATE = "开始率（区间）", "Started (CI)";
    COMPLETION_RATE = "完成率（区间）", "Finished (CI)";
    NO_RATE = "无法计算", "no rate";
    PLACE_UNKNOWN = "网站未能核实", "site not verified";
    PLACE_OTHER = "其他", "other";
}

/// The name of an interval method, given as in the API; an unknown one keeps its own name.
pub fn method(name: &str, language: Language) -> String {
    let (chinese, english) = match name {
        "wilson" => ("Wilson 得分区间", "Wilson score interval"),
        "wilson_cc" => ("Wilson 连续性校正", "Wilson with continuity correction"),
        "clopper_pearson" => ("Clopper–Pearson 精确区间", "Clopper–Pearson exact interval"),
        "mid_p" => ("mid-P 精确区间", "mid-P exact interval"),
        "agresti_coull" => ("Agresti–Coull 区间", "Agresti–Coull interval"),
        "jeffreys_bcd" => ("Jeffreys 区间", "Jeffreys interval"),
        "likelihood_ratio" => ("似然比区间", "Likelihood-ratio interval"),
        other => (other, other),
    };
    language.pick(chinese, english).to_owned()
}

/// The methods that the office offers, the default first. The rest are for study and stay with
/// the API.
pub const METHODS: [&str; 7] = [
    "wilson",
    "clopper_pearson",
    "mid_p",
    "jeffreys_bcd",
    "agresti_coull",
    "wilson_cc",
    "likelihood_ratio",
];

// The sites and their posters.
phrases! {
    SITE = "点位", "Place";
    SITE_CODE = "编号", "Code";
    SITE_KIND = "类型", "Kind";
    POSTER = "海报", "Poster";
    ALL_SITES = "全部点位", "All places";
    POSTERS_LEAD = "海报印有点位的二维码和短网址，扫码作答即记到该点位。A4 贴墙，A5 摆台；PDF 直接打印，SVG 交印刷厂。", "A poster carries the place's QR code and short address; answers count for that place. A4 for walls, A5 for counters; PDF to print, SVG for a print shop.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_offered_method_has_a_name_in_words() {
        for name in METHODS {
            assert_ne!(method(name, Language::Chinese), name);
        }
        assert_eq!(method("logit", Language::English), "logit");
    }
}
