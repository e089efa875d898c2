//! Back-ups while answers come in, and the drill of getting everything back from one.

use system::load::{Load, assert_kept, counted, send_again};
use system::server::Place;

#[tokio::test(flavor = "multi_thread")]
async fn a_back_up_taken_under_load_can_be_restored() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let load = Load::start(&server, 16);
    let enough = async |n: usize| {
        system::eventually("answers come in", async || {
            (load.acknowledged() > n).then_some(())
        })
        .await;
    };
    enough(200).await;
    let before = load.acknowledged();
    let (success, said) = place.run(&["backup", "one.backup"]).await;
    assert!(success, "{said}");
    let after = load.acknowledged();
    assert!(after > before, "answers were taken while it was made");
    let (success, said) = place.run(&["backup", "one.backup"]).await;
    assert!(!success && said.contains("exists"), "{said}");
    let (success, said) = place.run(&["restore", "one.backup"]).await;
    assert!(!success && said.contains("exists"), "{said}");
    let sent = load.stop().await;

    // The drill: the machine is gone, the back-up is not.
    drop(server);
    let elsewhere = Place::new();
    let backup = place.path().join("one.backup");
    let backup = backup.to_str().unwrap();
    let (success, said) = elsewhere.run(&["restore", backup]).await;
    assert!(success && said.contains("every tally equals"), "{said}");
    let server = elsewhere.serve_with_password().await;
    let n = counted(&server).await;
    // Between the two moments one answer per client may be on its way.
    assert!(n >= before && n <= after + 16, "{before} <= {n} <= {after}");
    // What came after the back-up is lost with the machine; clients that still have it send it.
    send_again(&server, &sent.acknowledged).await;
    assert_kept(&elsewhere, &server, &sent).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_file_is_found_and_never_copied() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let load = Load::start(&server, 8);
    system::eventually("answers come in", async || {
        (load.acknowledged() > 200).then_some(())
    })
    .await;
    load.stop().await;
    assert!(server.terminate().await.success());
    place.assert_sound().await;

    let path = place.path().join("wendu.sqlite");
    let mut bytes = std::fs::read(&path).unwrap();
    let (page, pages) = (4096, bytes.len() / 4096);
    for page_number in pages / 2..pages / 2 + 4 {
        bytes[page_number * page..page_number * page + 200].fill(0x5a);
    }
    std::fs::write(&path, bytes).unwrap();
    let (success, said) = place.run(&["check"]).await;
    assert!(!success && said.contains("fault: "), "{said}");
    let (success, said) = place.run(&["backup", "one.backup"]).await;
    assert!(!success, "{said}");
    assert!(!place.path().join("one.backup").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_back_up_broken_off_is_no_file_and_does_not_hinder_the_next() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let load = Load::start(&server, 16);
    system::eventually("answers come in", async || {
        (load.acknowledged() > 3000).then_some(())
    })
    .await;
    load.stop().await;
    let mut broken_off = 0;
    for attempt in 0..20 {
        let name = format!("{attempt}.backup");
        let (file, partial) = (
            place.path().join(&name),
            place.path().join(format!("{name}.partial")),
        );
        let mut backup = place.command(&["backup", &name]).spawn().unwrap();
        while !partial.exists() && backup.try_wait().unwrap().is_none() {
            tokio::task::yield_now().await;
        }
        backup.kill().await.unwrap();
        if !file.exists() {
            broken_off += 1;
            let (success, said) = place.run(&["backup", &name]).await;
            assert!(success, "{said}");
        }
        let (success, said) = elsewhere(&file).await;
        assert!(success && said.contains("every tally equals"), "{said}");
    }
    assert!(broken_off > 0, "none was broken off");
}

/// Restores a back-up somewhere else.
async fn elsewhere(backup: &std::path::Path) -> (bool, String) {
    let backup = backup.to_str().unwrap();
    Place::new().run(&["restore", backup]).await
}
