//! What axe-core finds on a page as a person has it before them.

use crate::browser::Browser;

/// Where `cargo xtask test` has put axe-core.
const AXE: &str = "WENDU_AXE";

/// Every violation of WCAG 2.2 AA and of good practice, a line each.
pub async fn violations(browser: &Browser) -> Vec<String> {
    let file = std::env::var(AXE).expect("WENDU_AXE names axe.min.js; `cargo xtask test` sets it");
    let axe = std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{file}: {e}"));
    browser.script(&axe).await;
    // Scrolled to its end, so that the buttons' line, which stays at the thumb, covers nothing.
    let run = "
        const done = arguments[0];
        scrollTo({ top: 1e6, behavior: 'instant' });
        const line = (violation, node) => `${violation.id}: ${node.target}: ${node.failureSummary}`;
        const lines = result =>
            result.violations.flatMap(violation => violation.nodes.map(node => line(violation, node)));
        const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
        axe.run(document, { runOnly: tags }).then(result => done(lines(result)), error => done([`${error}`]));";
    let found = browser.client.execute_async(run, Vec::new()).await;
    let found = found.expect("axe runs");
    let lines = found.as_array().expect("lines").iter();
    lines
        .map(|line| line.as_str().unwrap_or_default().to_owned())
        .collect()
}

/// Asserts that axe finds nothing on this page.
pub async fn assert_accessible(browser: &Browser, page: &str) {
    let found = violations(browser).await;
    assert!(found.is_empty(), "{page}:\n{}", found.join("\n"));
}

/// Lets it be night, or day.
pub async fn dark(browser: &Browser, dark: bool) {
    let scheme = if dark { "dark" } else { "light" };
    let features =
        serde_json::json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
    browser
        .devtools("Emulation.setEmulatedMedia", features)
        .await;
}

/// Checks what is before a person, in light and in dark.
pub async fn assert_by_day_and_night(browser: &Browser, page: &str) {
    for (night, when) in [(true, "dark"), (false, "light")] {
        dark(browser, night).await;
        assert_accessible(browser, &format!("{page}, {when}")).await;
    }
}

/// What of the person's screen is too wide for its window, too small for a finger (44 pixels, but
/// for links within a line) or set too tight to read (less than 1.3), within an element or a root.
const FAULTS: &str = "
    const shown = one => one.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    const all = [...ROOT.querySelectorAll('*:not(script, style, option, .unseen, .unseen *)')].filter(shown);
    const name = one => one.outerHTML.slice(0, 80);
    const pressed = 'button, a:not(p a), select, textarea, summary, label.choice, input:not(.choice input, [type=hidden])';
    const small = all.filter(one => one.matches(pressed)).filter(one => {
        const box = one.getBoundingClientRect();
        return box.height < 44 || box.width < 44;
    });
    const written = one => [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    const tight = all.filter(written).filter(one => {
        const style = getComputedStyle(one);
        return !(parseFloat(style.lineHeight) / parseFloat(style.fontSize) >= 1.29);
    });
    const wide = document.documentElement.scrollWidth - innerWidth;
    return [
        ...(wide > 0 ? ['too wide by ' + wide] : []),
        ...small.map(one => 'too small: ' + name(one)),
        ...tight.map(one => 'too tight: ' + name(one)),
    ];";

/// Asserts that what is shown fits its window and has room for fingers and eyes; `root` is a
/// script's expression.
pub async fn assert_roomy(browser: &Browser, root: &str, page: &str) {
    let found = browser.script(&FAULTS.replace("ROOT", root)).await;
    let found: Vec<String> = serde_json::from_value(found).expect("lines");
    assert!(found.is_empty(), "{page}:\n{}", found.join("\n"));
}

/// All that is asserted of a screen of residents.
pub async fn assert_for_everyone(browser: &Browser, page: &str) {
    assert_by_day_and_night(browser, page).await;
    assert_roomy(browser, "document.body", page).await;
}
