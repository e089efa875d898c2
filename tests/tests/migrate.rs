//! `wendu migrate`: from SQLite to PostgreSQL and back, with nothing changed on the way.

use serde_json::json;
use system::resident_response;
use system::server::Place;

#[tokio::test(flavor = "multi_thread")]
async fn a_database_moves_to_postgresql_and_back_unchanged() {
    let from = Place::new();
    let (success, said) = from.run(&["demo"]).await;
    assert!(success, "{said}");
    let server = from.serve(&[]).await;
    let (_, created) = server.post(resident_response().to_string()).await;
    let kept = resident_response().to_string();
    server.post(kept.clone()).await;
    let code = json!({ "code": created["withdrawal_code"] });
    let withdrawn = server
        .client
        .post(server.url("/api/v1/withdrawals"))
        .json(&code)
        .send();
    assert_eq!(withdrawn.await.unwrap().status(), 204);
    let paths = ["resident", "cadre", "merchant"]
        .map(|id| format!("/api/v1/estimates?questionnaire={id}&by=area"));
    let mut before = Vec::new();
    for path in &paths {
        before.push(server.get(path).await);
    }
    assert!(server.terminate().await.success());

    let to = Place::on_postgres();
    let (success, said) = migrate(&from, from.database(), to.database()).await;
    assert!(success && said.contains("1 withdrawn"), "{said}");
    let (success, said) = migrate(&from, from.database(), to.database()).await;
    assert!(!success && said.contains("not empty"), "{said}");
    to.assert_sound().await;
    let server = to.serve_with_password().await;
    for (path, before) in paths.iter().zip(&before) {
        assert_eq!(server.get(path).await, *before, "{path}");
    }
    assert_eq!(
        server.post(kept).await.0,
        200,
        "a replay is known on the other side"
    );
    assert!(server.terminate().await.success());

    let back = Place::new();
    let (success, said) = migrate(&to, to.database(), back.database()).await;
    assert!(success, "{said}");
    let export = async |place: &Place| place.run(&["export", "--questionnaire", "resident"]).await;
    assert!(export(&from).await == export(&back).await);
    back.assert_sound().await;
}

async fn migrate(place: &Place, from: &str, to: &str) -> (bool, String) {
    place.run(&["migrate", "--from", from, "--to", to]).await
}
