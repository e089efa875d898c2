//! The resident's page in the browser.

use leptos::prelude::*;

fn main() {
    leptos::mount::mount_to_body(|| view! { <p>"温度"</p> });
}
