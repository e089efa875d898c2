//! Without a network: what was opened once opens, what was finished is kept and arrives once.

use serde_json::{Value, json};
use system::answering::{
    WAITING, answer, answer_all, answer_to_the_end, next, question, submit, taken_over,
    works_offline,
};
use system::browser::{Browser, PHONE};
use system::eventually;
use system::load::counted;
use system::rebuilt::Rebuilt;
use system::server::Place;

/// What the queue holds.
async fn queued(browser: &Browser) -> Vec<Value> {
    let script = "const done = arguments[0]; const open = indexedDB.open('wendu', 1); \
        open.onsuccess = () => { const all = open.result.transaction('queue').objectStore('queue').getAll(); \
        all.onsuccess = () => { open.result.close(); done(all.result) } }";
    let all = browser.client.execute_async(script, Vec::new()).await;
    serde_json::from_value(all.unwrap()).unwrap()
}

/// Puts an entry into the queue by hand.
async fn tamper(browser: &Browser, entry: Value) {
    let script = format!(
        "return await new Promise((resolve) => {{ const open = indexedDB.open('wendu', 1); \
         open.onsuccess = () => {{ const change = open.result.transaction('queue', 'readwrite'); \
         change.objectStore('queue').put({entry}); \
         change.oncomplete = () => {{ open.result.close(); resolve(true) }} }} }})"
    );
    browser.wait_for("an entry in the queue", &script).await;
}

#[tokio::test]
async fn a_form_opened_once_works_without_a_network_and_its_answers_arrive_once() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let host = server.host().to_owned();
    let page = server.url("/s/resident");
    let browser = Browser::start(PHONE).await;
    browser.open(&page).await;
    taken_over(&browser).await;
    works_offline(&browser).await;
    server.kill().await;

    browser.open(&page).await;
    taken_over(&browser).await;
    answer_all(&browser).await;
    submit(&browser).await;
    browser.wait_for_text(WAITING).await;
    browser.screenshot("offline-waiting").await;
    browser.open(&page).await;
    taken_over(&browser).await;
    browser.wait_for_text("还有 1 份待提交").await;
    browser.screenshot("offline-next-visit").await;
    let first = "return document.querySelector('progress').value";
    assert_eq!(
        browser.script(first).await,
        json!(1),
        "the next visit is a new one"
    );
    answer_all(&browser).await;
    submit(&browser).await;
    browser.wait_for_text(WAITING).await;

    let browser = browser.reopen(PHONE).await;
    let server = place.serve_at(&host, &[]).await;
    browser.open(&page).await;
    eventually("both arrive", async || {
        (counted(&server).await == 2).then_some(())
    })
    .await;
    eventually("nothing is left", async || {
        queued(&browser).await.is_empty().then_some(())
    })
    .await;
    let gone = "return document.body.innerText.includes('待提交')";
    eventually("the page says so", async || {
        (browser.script(gone).await == json!(false)).then_some(())
    })
    .await;
    browser.close().await;
    drop(server);
    place.assert_sound().await;
}

#[tokio::test]
async fn two_tabs_send_what_waits_once() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let host = server.host().to_owned();
    let page = server.url("/s/resident");
    let browser = Browser::start(PHONE).await;
    browser.open(&page).await;
    taken_over(&browser).await;
    works_offline(&browser).await;
    server.kill().await;
    answer_all(&browser).await;
    submit(&browser).await;
    browser.wait_for_text(WAITING).await;
    let first = browser.client.window().await.unwrap();
    let second = browser.client.new_window(true).await.unwrap();
    browser
        .client
        .switch_to_window(second.handle)
        .await
        .unwrap();
    browser.open(&page).await;
    browser.wait_for_text("还有 1 份待提交").await;

    let server = place.serve_at(&host, &[]).await;
    eventually("it arrives", async || {
        (counted(&server).await == 1).then_some(())
    })
    .await;
    let quiet = "return !document.body.innerText.includes('待提交')";
    browser.wait_for("this tab hears of it", quiet).await;
    browser.client.switch_to_window(first).await.unwrap();
    browser.wait_for_text("已提交").await;
    assert!(queued(&browser).await.is_empty());
    assert_eq!(counted(&server).await, 1);
    browser.close().await;
}

#[tokio::test]
async fn what_somebody_wrote_into_the_queue_harms_nothing_and_is_said() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let page = server.url("/s/resident");
    let browser = Browser::start(PHONE).await;
    browser.open(&page).await;
    taken_over(&browser).await;
    let mut good = system::resident_response();
    let id = good["id"].as_str().unwrap().to_owned();
    let (status, _) = server.post(good.to_string()).await;
    assert_eq!(status, 201);
    good["answers"]["heard"] = json!("heard");
    let next = good["id"].as_str().unwrap().replace(&id[..4], "0000");
    let mut other = system::resident_response();
    other["id"] = json!(next);
    let entries = [
        json!({ "id": "1" }),
        json!({ "id": "2", "body": { "no": "text" }, "tries": "many", "next": "never" }),
        json!({ "id": "3", "body": "{\"id\":", "next": -1 }),
        json!({ "id": id, "body": good.to_string() }),
        json!({ "id": next, "body": other.to_string(), "next": 9e15, "tries": 1e9 }),
    ];
    for entry in entries {
        tamper(&browser, entry).await;
    }
    browser.open(&page).await;
    browser.wait_for_text("有 4 份没有被接受").await;
    browser.wait_for_text("请联系主办单位").await;
    browser.screenshot("offline-refused").await;
    eventually("the good one arrives", async || {
        (counted(&server).await == 2).then_some(())
    })
    .await;
    assert_eq!(
        queued(&browser).await.len(),
        4,
        "nothing is dropped silently"
    );
    // Nothing is asked of the server again until somebody wants it.
    let refused = queued(&browser).await[0]["tries"].clone();
    browser.open(&page).await;
    browser.wait_for_text("有 4 份没有被接受").await;
    assert_eq!(queued(&browser).await[0]["tries"], refused);
    browser.click("button[value=requeue]").await;
    eventually("they are tried once more", async || {
        let entries = queued(&browser).await;
        let tried = |entry: &Value| entry["refused"].is_number() && entry["tries"] != refused;
        entries.iter().all(tried).then_some(())
    })
    .await;
    browser.click("button[value=discard]").await;
    eventually("they are forgotten", async || {
        queued(&browser).await.is_empty().then_some(())
    })
    .await;
    assert_eq!(counted(&server).await, 2);
    browser.close().await;
}

#[tokio::test]
async fn a_clock_that_is_wrong_by_years_loses_nothing() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let host = server.host().to_owned();
    let page = server.url("/s/resident");
    let browser = Browser::start(PHONE).await;
    // Ten years ahead when the answers are finished, ten years behind when they are sent.
    let shift = "const years = Number(localStorage.getItem('years') || 10) * 31557600000; \
        const Real = Date, now = Real.now; \
        Date = class extends Real { constructor(...all) { all.length ? super(...all) : super(now() + years) } \
        static now() { return now() + years } };";
    browser.before_pages(shift).await;
    browser.open(&page).await;
    taken_over(&browser).await;
    works_offline(&browser).await;
    server.kill().await;
    answer_all(&browser).await;
    submit(&browser).await;
    browser.wait_for_text(WAITING).await;
    browser.script("localStorage.setItem('years', -10)").await;
    let server = place.serve_at(&host, &[]).await;
    browser.open(&page).await;
    eventually("it arrives", async || {
        (counted(&server).await == 1).then_some(())
    })
    .await;
    let (_, csv) = place.run(&["export", "--questionnaire", "resident"]).await;
    let wave = csv
        .lines()
        .nth(1)
        .unwrap()
        .split(',')
        .nth(3)
        .unwrap()
        .to_owned();
    assert_eq!(
        wave, "w1",
        "it counts in the wave in which it arrived: {csv}"
    );
    browser.close().await;
}

#[tokio::test]
async fn storage_that_is_full_is_said_and_the_answers_are_sent_nevertheless() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let host = server.host().to_owned();
    let page = server.url("/s/resident");
    let browser = Browser::start(PHONE).await;
    // A device that keeps nothing: the database is refused and so is every draft.
    browser
        .before_pages(
            "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError') }; \
             IDBObjectStore.prototype.put = function () { this.transaction.abort(); throw new DOMException('', 'QuotaExceededError') };",
        )
        .await;
    browser.open(&page).await;
    taken_over(&browser).await;
    server.kill().await;
    answer_all(&browser).await;
    browser.wait_for_text("本机无法保存，请一次填完").await;
    submit(&browser).await;
    browser
        .wait_for_text("本机也无法保存。请不要关闭本页")
        .await;
    browser.screenshot("offline-full").await;
    let server = place.serve_at(&host, &[]).await;
    browser.wait_for_text("已提交").await;
    assert_eq!(counted(&server).await, 1);
    browser.close().await;
}

#[tokio::test]
async fn a_double_press_is_one_answer_and_back_shows_no_second_form_of_it() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let page = server.url("/s/resident");
    let browser = Browser::start(PHONE).await;
    browser.open(&page).await;
    taken_over(&browser).await;
    answer_all(&browser).await;
    let press = "const button = document.querySelector('button[value=next]:not(.unseen)'); \
        for (let i = 0; i < 5; i++) button.click()";
    browser.script(press).await;
    browser.wait_for_text("已提交").await;
    for _ in 0..20 {
        browser.client.back().await.unwrap();
    }
    browser.open(&page).await;
    taken_over(&browser).await;
    let ticked = "return document.querySelectorAll(':checked').length";
    assert_eq!(
        browser.script(ticked).await,
        json!(0),
        "a new form, not the sent one"
    );
    answer_to_the_end(&browser).await;
    browser.wait_for_text("已提交").await;
    assert_eq!(counted(&server).await, 2, "two people, two answers");
    browser.close().await;
}

#[tokio::test]
async fn nothing_of_the_office_and_no_answer_of_the_interface_is_kept() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = Browser::start(PHONE).await;
    browser.open(&server.url("/s/resident")).await;
    taken_over(&browser).await;
    works_offline(&browser).await;
    answer_to_the_end(&browser).await;
    browser.wait_for_text("已提交").await;
    browser.open(&server.url("/office")).await;
    browser.find("main").await;
    let script = "const done = arguments[0]; caches.open('wendu').then((c) => c.keys()) \
        .then((keys) => done(keys.map((key) => new URL(key.url).pathname)))";
    let kept = browser
        .client
        .execute_async(script, Vec::new())
        .await
        .unwrap();
    let kept: Vec<String> = serde_json::from_value(kept).unwrap();
    let is_public = |path: &String| path == "/s/resident" || path.starts_with("/assets/resident/");
    assert!(kept.iter().all(is_public) && kept.len() > 2, "{kept:?}");
    let page =
        "const done = arguments[0]; caches.match('/s/resident').then((r) => r.text()).then(done)";
    let page = browser
        .client
        .execute_async(page, Vec::new())
        .await
        .unwrap();
    assert!(
        page.as_str().unwrap().contains("name=\"_id\" value=\"\""),
        "an id is for one person"
    );
    browser.close().await;
}

#[tokio::test]
async fn a_new_build_does_not_break_a_form_that_is_half_filled() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let rebuilt = Rebuilt::before(&server.url("")).await;
    let page = format!("{}/s/resident", rebuilt.origin);
    let browser = Browser::start(PHONE).await;
    browser.open(&page).await;
    taken_over(&browser).await;
    works_offline(&browser).await;
    for _ in 0..5 {
        answer(&browser).await;
        next(&browser).await;
    }
    let half = question(&browser).await;
    rebuilt.rebuild();
    let update = "const worker = await navigator.serviceWorker.ready; await worker.update(); \
        const cache = await caches.open('wendu'); const keys = await cache.keys(); \
        return keys.some(({ url }) => url.includes('resident-new')) && worker.active.state === 'activated' && !worker.installing && !worker.waiting";
    browser
        .wait_for("the new worker is in charge", update)
        .await;
    let old = "return (await (await caches.open('wendu')).keys()).some(({ url }) => /resident-(?!new).*wasm/.test(url))";
    browser.wait_for("the old build is still kept", old).await;
    // As it stands, and after a reload into the new build, the form goes on where it was.
    answer(&browser).await;
    next(&browser).await;
    assert_ne!(question(&browser).await, half);
    let place_before = question(&browser).await;
    browser.open(&page).await;
    taken_over(&browser).await;
    let script =
        "return document.querySelector('script[type=module]').textContent.includes('resident-new')";
    assert_eq!(
        browser.script(script).await,
        json!(true),
        "the new build's page"
    );
    assert_eq!(question(&browser).await, place_before);
    answer_to_the_end(&browser).await;
    browser.wait_for_text("已提交").await;
    assert_eq!(counted(&server).await, 1);
    browser.close().await;
}
