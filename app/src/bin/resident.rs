//! The resident's page in the browser.

fn main() {
    app::resident::browser::start();
}
