//! The command line, as a newcomer types it.

use serde_json::Value;
use system::resident_response;
use system::server::Place;

#[tokio::test]
async fn an_interval_is_computed_without_a_server() {
    let place = Place::new();
    let args = "interval proportion --successes 8 --trials 10 --method wilson --level 0.95 --json";
    let (success, said) = place.run(&args.split(' ').collect::<Vec<_>>()).await;
    assert!(success, "{said}");
    let answer: Value = serde_json::from_str(&said).unwrap();
    assert!((answer["lower"].as_f64().unwrap() - 0.490_162_471_536_642).abs() < 1e-12);
    assert_eq!(answer["n"], 10);
    let (success, said) = place
        .run(&[
            "interval",
            "proportion",
            "--successes",
            "11",
            "--trials",
            "10",
        ])
        .await;
    assert!(!success && said.contains("wendu:"), "{said}");
}

#[tokio::test]
async fn a_batch_answers_line_by_line_and_never_aborts() {
    let place = Place::new();
    let lines = "{\"id\":\"a\",\"method\":\"wilson\",\"inputs\":{\"x\":7,\"n\":10,\"conf_level\":0.95}}\n\
                 nonsense\n{\"id\":\"b\",\"method\":\"wilson\",\"inputs\":{\"x\":7,\"n\":3}}\n";
    let file = place.path().join("batch.jsonl");
    std::fs::write(&file, lines).unwrap();
    let (success, said) = place
        .run(&["interval", "proportion", "--batch", file.to_str().unwrap()])
        .await;
    assert!(success, "{said}");
    let answers: Vec<Value> = said
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers.len(), 3);
    assert_eq!(answers[0]["id"], "a");
    assert!(answers[1]["error"].is_string() && answers[2]["error"].is_string());
}

#[tokio::test]
async fn help_names_every_command() {
    let place = Place::new();
    let (success, said) = place.run(&["--help"]).await;
    assert!(success);
    for command in [
        "serve", "posters", "import", "export", "recount", "check", "backup", "restore",
        "interval", "demo",
    ] {
        assert!(said.contains(command), "{said}");
    }
}

#[tokio::test]
async fn flags_come_before_variables_and_variables_before_the_file() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    server.post(resident_response().to_string()).await;
    drop(server);
    let config = place.path().join("wendu.toml");
    std::fs::write(&config, "database = \"sqlite:elsewhere.sqlite\"\n").unwrap();
    let config = config.to_str().unwrap();
    let rows = async |args: &[&str]| {
        let mut all = vec!["export", "--questionnaire", "resident", "--config", config];
        all.extend(args);
        place.run(&all).await.1.lines().count()
    };
    assert_eq!(rows(&[]).await, 2, "WENDU_DATABASE before the file");
    assert_eq!(
        rows(&["--database", "sqlite:other.sqlite"]).await,
        1,
        "the flag before WENDU_DATABASE"
    );
    std::fs::write(place.path().join("bad.toml"), "databas = 1\n").unwrap();
    let (success, said) = place.run(&["recount", "--config", "bad.toml"]).await;
    assert!(!success && said.contains("databas"), "{said}");
}
