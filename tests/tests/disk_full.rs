//! Disks without room: nothing is acknowledged that is not stored, and service returns with room.

use serde_json::{Value, json};
use system::disk::{SmallDisk, limit_files};
use system::load::{Load, Sent, counted, send_again};
use system::server::{Place, Server};
use system::{eventually, postgres, resident_response};

/// What says that there is no room, or that the database cannot be reached for want of it.
const NO_ROOM: [u16; 2] = [507, 503];

/// Sends until there is no room; what was sent.
async fn until_full(server: &Server) -> Sent {
    let load = Load::start(server, 32);
    let full = eventually("the disk is full", async || {
        let (status, problem) = server.post(resident_response().to_string()).await;
        (status == 507).then_some(problem)
    })
    .await;
    assert_eq!(full["type"], "/problems/full");
    let sent = load.stop().await;
    let others: Vec<&u16> = sent
        .refused
        .iter()
        .filter(|status| !NO_ROOM.contains(status))
        .collect();
    assert!(others.is_empty(), "{others:?}");
    sent
}

/// Signs in; the status.
async fn sign_in(server: &Server) -> u16 {
    let answer = server
        .client
        .post(server.url("/api/v1/session"))
        .json(&json!({ "password": server.password }))
        .send();
    answer.await.expect("an answer").status().as_u16()
}

/// Signing in writes a session; until there is no room for one more, it may succeed.
async fn assert_sign_in_says_no_room(server: &Server) {
    let refused = eventually("there is no room for a session", async || {
        let status = sign_in(server).await;
        (status != 200).then_some(status)
    })
    .await;
    assert!(NO_ROOM.contains(&refused), "{refused}");
}

/// Asserts that there is service again and that all that was acknowledged is there once.
async fn assert_recovered(place: &Place, server: &Server, sent: &Sent) {
    let known: Value = eventually("service again", async || {
        let body = resident_response();
        (server.post(body.to_string()).await.0 == 201).then_some(body)
    })
    .await;
    assert_eq!(sign_in(server).await, 200);
    let n = counted(server).await;
    assert!(n > sent.acknowledged.len());
    let again = send_again(server, &sent.acknowledged).await;
    assert_eq!(again, [(200, sent.acknowledged.len())]);
    assert_eq!(server.post(known.to_string()).await.0, 200);
    assert_eq!(counted(server).await, n, "replays were counted");
    place.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_and_recovers() {
    let place = Place::new();
    let disk = SmallDisk::over(place.path(), 6);
    disk.fill(3);
    let server = place.serve(&[]).await;
    let sent = until_full(&server).await;
    assert_sign_in_says_no_room(&server).await;
    assert!(counted(&server).await >= sent.acknowledged.len());
    disk.make_room();
    assert_recovered(&place, &server, &sent).await;
    assert!(server.terminate().await.success());
}

/// As a quota or `LimitFSIZE=` would; it needs no mount, so that it is tested everywhere.
#[tokio::test(flavor = "multi_thread")]
async fn a_limit_on_the_size_of_files_is_a_full_disk() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    limit_files(server.id(), Some(1 << 20));
    let sent = until_full(&server).await;
    assert_sign_in_says_no_room(&server).await;
    limit_files(server.id(), None);
    assert_recovered(&place, &server, &sent).await;
    assert!(server.terminate().await.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_under_postgresql_refuses_and_recovers() {
    let small = tempfile::TempDir::new().unwrap();
    let disk = SmallDisk::over(small.path(), 96);
    let data = small.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let cluster = postgres::server_with_data_in(&data, &[]);
    let place = Place::at(&cluster.address("postgres"));
    let server = place.serve(&[]).await;
    disk.fill(disk.free() - 2);
    let sent = until_full(&server).await;
    assert_sign_in_says_no_room(&server).await;
    disk.make_room();
    assert_recovered(&place, &server, &sent).await;
    assert!(server.terminate().await.success());
    // First the server, then its disk, then the folder.
    drop((cluster, disk));
}

/// Without room for its log of changes PostgreSQL itself goes down, and cannot start before there is
/// room. That is no 507 for long: to us it is a database that is away.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_under_postgresqls_log_stops_it_and_nothing_acknowledged_is_lost() {
    let small = tempfile::TempDir::new().unwrap();
    let disk = SmallDisk::over(small.path(), 128);
    let log = small.path().join("log");
    std::fs::create_dir(&log).unwrap();
    // No checkpoint, so that no file of the log is used a second time.
    let settings = ["max_wal_size=1GB", "checkpoint_timeout=1h"];
    let mut cluster = postgres::server_with_log_in(&log, &settings);
    let place = Place::at(&cluster.address("postgres"));
    let server = place.serve(&[]).await;
    let load = Load::start(&server, 32);
    eventually("answers are acknowledged", async || {
        (load.acknowledged() >= 200).then_some(())
    })
    .await;
    disk.fill(disk.free() - 1);
    eventually("PostgreSQL is down", async || {
        // The rest of a file of the log is used up at once.
        let _ = cluster.sql("postgres", "SELECT pg_switch_wal()");
        let log = cluster.log();
        let full = log.contains("No space left on device");
        (full && log.ends_with("database system is shut down")).then_some(())
    })
    .await;
    let before = load.acknowledged();
    let refused = eventually("clients are told to come back", async || {
        let sending = server.client.post(server.url("/api/v1/responses"));
        let answer = sending.json(&resident_response()).send().await.unwrap();
        (answer.status() == 503).then_some(answer)
    })
    .await;
    assert!(refused.headers().contains_key("retry-after"));
    assert_eq!(server.get("/readyz").await.0, 503);
    assert_eq!(server.get("/healthz").await.0, 200);
    assert_eq!(load.acknowledged(), before, "nothing can be stored");
    disk.make_room();
    cluster.restart(&[]).unwrap();
    eventually("the clients are served again", async || {
        (load.acknowledged() >= before + 100).then_some(())
    })
    .await;
    let sent = load.stop().await;
    assert!(sent.refused.iter().all(|status| NO_ROOM.contains(status)));
    assert_recovered(&place, &server, &sent).await;
    assert!(server.terminate().await.success());
    drop((cluster, disk));
}
