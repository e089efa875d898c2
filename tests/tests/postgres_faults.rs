//! A PostgreSQL server that is killed, read-only, cut off, short of connections.

use std::time::{Duration, Instant};
use system::load::{Load, assert_kept, counted};
use system::postgres::{self, Line};
use system::server::Place;
use system::{eventually, resident_response};

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_killed_under_load_loses_nothing_that_was_acknowledged() {
    let mut cluster = postgres::server(&[]);
    let place = Place::at(&cluster.address("postgres"));
    let server = place.serve(&[]).await;
    let load = Load::start(&server, 16);
    for round in 0..3 {
        let before = load.acknowledged();
        eventually("answers are acknowledged", async || {
            (load.acknowledged() >= before + 100).then_some(())
        })
        .await;
        cluster.kill();
        if round == 0 {
            let asked = Instant::now();
            // A backend that outlives its postmaster by a moment may still finish this one.
            let body = resident_response();
            let answer = eventually("it is refused", async || {
                let sending = server
                    .client
                    .post(server.url("/api/v1/responses"))
                    .json(&body)
                    .send();
                let answer = sending.await.unwrap();
                (answer.status() == 503).then_some(answer)
            })
            .await;
            assert!(answer.headers().contains_key("retry-after"));
            assert!(asked.elapsed() < Duration::from_secs(15));
            assert_eq!(server.get("/readyz").await.0, 503);
        }
        cluster.restart(&[]).unwrap();
    }
    let before = load.acknowledged();
    eventually("the server goes on by itself", async || {
        (load.acknowledged() >= before + 100).then_some(())
    })
    .await;
    let sent = load.stop().await;
    assert!(sent.refused.iter().all(|status| *status == 503));
    assert_kept_beside_a_refused_one(&place, &server, &sent).await;
}

/// As `assert_kept`; the one answer that the test itself sent into the outage may be there or not.
async fn assert_kept_beside_a_refused_one(
    place: &Place,
    server: &system::server::Server,
    sent: &system::load::Sent,
) {
    let n = counted(server).await;
    assert!((sent.acknowledged.len()..=sent.all.len() + 1).contains(&n));
    let replayed = system::load::send_again(server, &sent.acknowledged).await;
    assert_eq!(replayed, [(200, sent.acknowledged.len())]);
    assert_eq!(counted(server).await, n, "replays were counted");
    place.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_cut_for_five_seconds_costs_time_and_nothing_else() {
    let cluster = postgres::server(&[]);
    let line = Line::to(&cluster);
    let place = Place::at(&line.address("postgres"));
    let server = place.serve(&[]).await;
    let load = Load::start(&server, 64);
    eventually("answers are acknowledged", async || {
        (load.acknowledged() >= 200).then_some(())
    })
    .await;
    let memory = server.resident_memory();
    line.cut();
    tokio::time::sleep(Duration::from_secs(5)).await;
    let grown = server.resident_memory().saturating_sub(memory);
    assert!(
        grown < 32 << 20,
        "{grown} bytes more while nothing could be written"
    );
    line.mend();
    let before = load.acknowledged();
    eventually("the server goes on by itself", async || {
        (load.acknowledged() >= before + 200).then_some(())
    })
    .await;
    let sent = load.stop().await;
    assert!(
        sent.refused.iter().all(|status| *status == 503),
        "{:?}",
        sent.refused
    );
    assert_kept(&place, &server, &sent).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_as_read_only_with_a_timeout_and_few_connections_is_lived_with() {
    let mut cluster = postgres::server(&["max_connections=20", "statement_timeout=2s"]);
    let place = Place::at(&cluster.address("postgres"));
    let server = place.serve(&[]).await;
    let post = async |server: &system::server::Server| {
        server.post(resident_response().to_string()).await.0
    };
    assert_eq!(post(&server).await, 201);

    cluster
        .restart(&["max_connections=20", "default_transaction_read_only=on"])
        .unwrap();
    let answer = server
        .client
        .post(server.url("/api/v1/responses"))
        .json(&resident_response())
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 503);
    assert!(answer.headers().contains_key("retry-after"));
    assert_eq!(counted(&server).await, 1, "reading goes on");
    let second = place.serve(&[]).await;
    assert_eq!(counted(&second).await, 1, "and a server starts");
    assert_eq!(post(&second).await, 503);

    cluster.restart(&["max_connections=20"]).unwrap();
    eventually("writing goes on", async || {
        (post(&server).await == 201 && post(&second).await == 201).then_some(())
    })
    .await;
    // A third would like eight connections too, of which there are not as many left.
    let third = place.serve(&[]).await;
    let loads = [&server, &second, &third].map(|server| Load::start(server, 8));
    tokio::time::sleep(Duration::from_secs(2)).await;
    for load in loads {
        let sent = load.stop().await;
        assert!(sent.acknowledged.len() > 20, "the load was no load");
        assert_eq!(sent.refused, [0u16; 0], "nobody was refused");
    }
    place.assert_sound().await;
}

/// One writes, one listens, one reads; there is no fourth to write with while the first one writes.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_without_a_connection_to_spare_is_only_slower() {
    let mut cluster = postgres::server(&["max_connections=3", "superuser_reserved_connections=0"]);
    let place = Place::at(&cluster.address("postgres"));
    let server = place.serve(&[]).await;
    let load = Load::start(&server, 64);
    eventually("answers are taken", async || {
        (load.acknowledged() >= 2000).then_some(())
    })
    .await;
    let sent = load.stop().await;
    assert_eq!(sent.refused, [0u16; 0], "nobody was refused");
    // Those who verify it need connections of their own.
    cluster.restart(&[]).unwrap();
    eventually("the server goes on", async || {
        (server.get("/readyz").await.0 == 200).then_some(())
    })
    .await;
    assert_kept(&place, &server, &sent).await;
}

/// Three servers would like twenty-four connections. Each writes and listens; there is one to read
/// with in all, and who has none reads with the one that writes.
#[tokio::test(flavor = "multi_thread")]
async fn servers_that_want_more_connections_than_there_are_read_and_write_all_the_same() {
    let mut cluster = postgres::server(&["max_connections=10", "superuser_reserved_connections=0"]);
    let place = Place::at(&cluster.address("postgres"));
    let servers = [
        place.serve(&[]).await,
        place.serve(&[]).await,
        place.serve(&[]).await,
    ];
    let loads = servers.each_ref().map(|server| Load::start(server, 32));
    let mut slowest = Duration::ZERO;
    for _ in 0..20 {
        let read = |n: usize| servers[n].get("/api/v1/estimates?questionnaire=resident&by=area");
        let asked = Instant::now();
        let pictures = tokio::join!(read(0), read(1), read(2), read(0), read(1), read(2));
        for (status, body) in <[_; 6]>::from(pictures) {
            assert_eq!(status, 200, "{body}");
        }
        slowest = slowest.max(asked.elapsed());
    }
    assert!(slowest < Duration::from_secs(5), "{slowest:?}");
    let mut all = Vec::new();
    for load in loads {
        let sent = load.stop().await;
        assert!(sent.acknowledged.len() > 100, "the load was no load");
        assert_eq!(sent.refused, [0u16; 0], "nobody was refused");
        all.push(sent.acknowledged.len());
    }
    // Those who verify it need connections of their own.
    drop(servers);
    cluster.restart(&[]).unwrap();
    let server = place.serve(&[]).await;
    assert_eq!(counted(&server).await, all.iter().sum::<usize>());
    place.assert_sound().await;
}
