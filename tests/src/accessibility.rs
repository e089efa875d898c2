//! What axe-core finds on a page as a person has it before them.

use crate::browser::Browser;

/// Where `cargo xtask test` has put axe-core.
const AXE: &str = "WENDU_AXE";

/// Every violation of WCAG 2.2 AA and of good practice, a line each.
pub async fn violations(browser: &Browser) -> Vec<String> {
    let file = std::env::var(AXE).expect("WENDU_AXE names axe.min.js; `cargo xtask test` sets it");
    let axe = std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{file}: {e}"));
    browser.script(&axe).await;
    let run = "
        const done = arguments[0];
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
