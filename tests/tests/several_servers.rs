//! Several servers on one PostgreSQL database: the database is the only place where they meet.

use serde_json::Value;
use std::time::{Duration, Instant};
use system::load::{Load, Sent, assert_kept, counted, send_again};
use system::resident_response;
use system::server::{Place, Server};

async fn three(place: &Place) -> Vec<Server> {
    let mut servers = Vec::new();
    for _ in 0..3 {
        servers.push(place.serve(&[]).await);
    }
    servers
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_answers_at_three_servers_at_once_are_stored_once() {
    const N: usize = 10_000;
    let place = Place::on_postgres();
    let servers = three(&place).await;
    let bodies: Vec<Value> = (0..N).map(|_| resident_response()).collect();
    let mut others = bodies.clone();
    others.reverse();
    let (one, two, three) = tokio::join!(
        send_again(&servers[0], &bodies),
        send_again(&servers[1], &bodies),
        send_again(&servers[2], &others),
    );
    let statuses = [one, two, three].concat();
    let with = |status: u16| -> usize {
        let known = statuses.iter().filter(|(known, _)| *known == status);
        known.map(|(_, n)| n).sum()
    };
    assert_eq!((with(201), with(200)), (N, 2 * N), "{statuses:?}");
    for server in &servers {
        assert_eq!(counted(server).await, N);
    }
    place.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_three_servers_killed_takes_no_acknowledged_answer_with_it() {
    let place = Place::on_postgres();
    let mut servers = three(&place).await;
    let loads: Vec<Load> = servers
        .iter()
        .map(|server| Load::start(server, 8))
        .collect();
    system::eventually("every server acknowledges", async || {
        loads
            .iter()
            .all(|load| load.acknowledged() >= 50)
            .then_some(())
    })
    .await;
    servers.remove(1).kill().await;
    let before: Vec<usize> = loads.iter().map(Load::acknowledged).collect();
    system::eventually("the others go on", async || {
        let goes_on = |i: usize| loads[i].acknowledged() >= before[i] + 50;
        (goes_on(0) && goes_on(2)).then_some(())
    })
    .await;
    let mut sent = Sent::default();
    for load in loads {
        let more = load.stop().await;
        sent.all.extend(more.all);
        sent.acknowledged.extend(more.acknowledged);
        assert_eq!(more.refused, [0u16; 0], "nobody was refused");
    }
    assert_eq!(counted(&servers[0]).await, counted(&servers[1]).await);
    assert_kept(&place, &servers[1], &sent).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_two_servers_asked_to_stop_finishes_what_is_under_way() {
    let place = Place::on_postgres();
    let (one, other) = (place.serve(&[]).await, place.serve(&[]).await);
    let loads = [&one, &other].map(|server| Load::start(server, 16));
    system::eventually("both acknowledge", async || {
        let acknowledge = loads.iter().all(|load| load.acknowledged() >= 100);
        acknowledge.then_some(())
    })
    .await;
    let status = one.terminate().await;
    assert!(status.success(), "exit status {status}");
    let mut sent = Sent::default();
    for load in loads {
        let more = load.stop().await;
        sent.all.extend(more.all);
        sent.acknowledged.extend(more.acknowledged);
        assert_eq!(more.refused, [0u16; 0], "nobody was refused");
    }
    assert_kept(&place, &other, &sent).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_server_writes_another_reports_within_two_seconds() {
    let place = Place::on_postgres();
    let (one, other) = (place.serve(&[]).await, place.serve(&[]).await);
    let mut events = other
        .client
        .get(other.url("/api/v1/events"))
        .send()
        .await
        .unwrap();
    // At the start everything may have changed; what is told of that is not what is waited for.
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(
        counted(&other).await,
        0,
        "and the other holds it in memory now"
    );
    let written = Instant::now();
    assert_eq!(one.post(resident_response().to_string()).await.0, 201);
    assert_eq!(
        counted(&other).await,
        1,
        "never older than what was acknowledged"
    );
    let told = async {
        loop {
            let chunk = events.chunk().await.unwrap().expect("the stream goes on");
            let text = String::from_utf8_lossy(&chunk).into_owned();
            if text.contains("\"n\":1") && text.contains("resident") {
                return written.elapsed();
            }
        }
    };
    let told = tokio::time::timeout(Duration::from_secs(5), told).await;
    let took = told.expect("the other server reports it");
    assert!(took < Duration::from_secs(2), "took {took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_that_stay_in_one_bucket_are_counted_once_too() {
    let place = Place::on_postgres();
    let server = place.serve(&["--one-bucket-per-batch"]).await;
    let sent = {
        let load = Load::start(&server, 32);
        tokio::time::sleep(Duration::from_secs(1)).await;
        load.stop().await
    };
    assert!(sent.acknowledged.len() > 50, "the load was no load");
    assert_kept(&place, &server, &sent).await;
}
