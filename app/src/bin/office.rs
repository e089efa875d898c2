//! The office in the browser.

fn main() {
    app::office::start();
}
