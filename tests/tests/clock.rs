//! A server whose clock is put back by a day while answers come in.

use std::collections::BTreeSet;
use system::clock::Clock;
use system::load::{Load, assert_kept, counted};
use system::server::Place;
use system::{eventually, resident_response};

const DAY: i64 = 86_400;

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_put_back_by_a_day_loses_and_doubles_nothing() {
    let place = Place::new();
    let clock = Clock::new(place.path());
    let place = place.with(&clock.variables());
    let server = place.serve(&[]).await;
    let password = serde_json::json!({ "password": server.password });
    let session = server.client.post(server.url("/api/v1/session"));
    let session = session.json(&password).send().await.unwrap();
    let cookie = session.headers()["set-cookie"].clone();
    let load = Load::start(&server, 16);
    for off in [0, -DAY, 0, -DAY] {
        clock.set(off);
        let before = load.acknowledged();
        eventually("answers are acknowledged", async || {
            (load.acknowledged() >= before + 100).then_some(())
        })
        .await;
        let show = server.client.get(server.url("/api/v1/session"));
        let shown = show.header("cookie", &cookie).send().await.unwrap();
        assert_eq!(shown.status(), 200, "who signed in stays signed in");
    }
    let sent = load.stop().await;
    assert_eq!(sent.refused, [0u16; 0], "nobody was refused");
    assert_kept(&place, &server, &sent).await;
    let days = days_of_receipt(&place).await;
    assert!(days.len() >= 2, "the clock was put back: {days:?}");
    // A server also starts with a clock that is behind what has been written.
    server.kill().await;
    let server = place.serve(&[]).await;
    assert_eq!(server.post(resident_response().to_string()).await.0, 201);
    assert_eq!(counted(&server).await, sent.all.len() + 1);
    place.assert_sound().await;
}

async fn days_of_receipt(place: &Place) -> BTreeSet<String> {
    let (_, csv) = place.run(&["export", "--questionnaire", "resident"]).await;
    let mut lines = csv.lines().map(|line| line.split(','));
    let mut names = lines.next().expect("a header");
    let column = names.position(|name| name == "received_at");
    let column = column.expect("a time of receipt");
    let times = lines.filter_map(|mut line| line.nth(column));
    times
        .filter_map(|time| Some(time.get(..10)?.to_owned()))
        .collect()
}
