//! Servers that end in the middle of their work: killed, asked to stop, with a damaged log.

use std::time::Duration;
use system::load::{Load, Sent, assert_kept, counted, send_again};
use system::server::Place;

/// A number from 0 to 255 that nobody foresees.
fn dice() -> u8 {
    let [.., last] = *uuid::Uuid::now_v7().as_bytes();
    last
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_kills_at_random_moments_lose_nothing() {
    let place = Place::new();
    let mut all = Sent::default();
    for round in 0..20 {
        let server = place.serve(&[]).await;
        let load = Load::start(&server, 16);
        tokio::time::sleep(Duration::from_millis(20 + u64::from(dice()))).await;
        server.kill().await;
        let sent = load.stop().await;
        all.all.extend(sent.all);
        all.acknowledged.extend(sent.acknowledged.iter().cloned());

        let server = place.serve(&[]).await;
        let n = counted(&server).await;
        assert!(
            (all.acknowledged.len()..=all.all.len()).contains(&n),
            "round {round}: {n} counted, {} acknowledged, {} sent",
            all.acknowledged.len(),
            all.all.len()
        );
        let replayed = send_again(&server, &sent.acknowledged).await;
        assert!(
            replayed.iter().all(|(status, _)| *status == 200),
            "round {round}: acknowledged answers were lost: {replayed:?}"
        );
        assert_eq!(counted(&server).await, n, "round {round}: counted twice");
        server.kill().await;
    }
    assert!(all.acknowledged.len() > 100, "the load was no load");
    let server = place.serve(&[]).await;
    assert_kept(&place, &server, &all).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_asked_to_stop_finishes_what_is_under_way() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let load = Load::start(&server, 64);
    system::eventually("answers come in", async || {
        (load.acknowledged() > 200).then_some(())
    })
    .await;
    let status = server.terminate().await;
    assert!(status.success(), "exit status {status}");
    let sent = load.stop().await;
    assert_eq!(sent.refused, [0u16; 0], "nothing was answered but 201");
    let log = place.path().join("wendu.sqlite-wal");
    assert!(!log.exists(), "a clean stop leaves no log behind");
    let server = place.serve(&[]).await;
    assert_kept(&place, &server, &sent).await;
}

/// Loads a server, kills it, and returns what was sent.
async fn killed_under_load(place: &Place) -> Sent {
    let server = place.serve(&[]).await;
    let load = Load::start(&server, 16);
    system::eventually("answers come in", async || {
        (load.acknowledged() > 200).then_some(())
    })
    .await;
    server.kill().await;
    load.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn garbage_behind_the_log_loses_nothing() {
    let place = Place::new();
    let sent = killed_under_load(&place).await;
    let path = place.path().join("wendu.sqlite-wal");
    let mut log = std::fs::read(&path).unwrap();
    // What a torn write leaves: the beginning of a frame as it was, then noise.
    let frame: Vec<u8> = log.iter().skip(32).take(3000).copied().collect();
    log.extend(frame);
    log.extend((0..20_000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8));
    std::fs::write(&path, log).unwrap();
    let server = place.serve(&[]).await;
    assert_kept(&place, &server, &sent).await;
}

/// A disk that changes what it was given can lose what stood there: the log is read up to the
/// first frame whose checksum is wrong. What is before it is whole, and what was lost can be sent
/// again.
#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_end_of_the_log_loses_no_more_than_itself() {
    let place = Place::new();
    let sent = killed_under_load(&place).await;
    let path = place.path().join("wendu.sqlite-wal");
    let mut log = std::fs::read(&path).unwrap();
    let middle_of_last_page = log.len() - 2000;
    log[middle_of_last_page] ^= 0xff;
    std::fs::write(&path, log).unwrap();

    let server = place.serve(&[]).await;
    place.assert_sound().await;
    // One transaction holds the answers of 16 clients at most, and one more may be unfinished.
    let n = counted(&server).await;
    assert!(n + 32 >= sent.acknowledged.len(), "only the end is lost");
    send_again(&server, &sent.all).await;
    assert_eq!(counted(&server).await, sent.all.len());
    place.assert_sound().await;
}
