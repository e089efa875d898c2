//! Real answers, collected elsewhere: Madsen's survey of housing in Copenhagen (1976).

use serde_json::Value;
use system::data;
use system::server::Place;

const WITH: [&str; 4] = ["--questionnaire", "copenhagen-housing", "--map", "MAP"];

async fn import(place: &Place, file: &str) -> (bool, String) {
    let questionnaires = data("copenhagen/questionnaires");
    let map = data("copenhagen/map.json");
    let mut args = vec!["import", file];
    args.extend(WITH.map(|arg| {
        if arg == "MAP" {
            map.to_str().unwrap()
        } else {
            arg
        }
    }));
    args.extend(["--questionnaires", questionnaires.to_str().unwrap()]);
    place.run(&args).await
}

#[tokio::test]
async fn the_copenhagen_survey_gives_the_published_intervals() {
    let place = Place::new();
    let file = data("copenhagen/copenhagen_housing.csv");
    let (success, said) = import(&place, file.to_str().unwrap()).await;
    assert!(
        success && said.contains("1681 imported, 0 there already"),
        "{said}"
    );
    let (_, said) = import(&place, file.to_str().unwrap()).await;
    assert!(
        said.contains("0 imported, 1681 there already"),
        "the same file again: {said}"
    );

    let folder = data("copenhagen/questionnaires");
    let server = place
        .serve(&["--questionnaires", folder.to_str().unwrap()])
        .await;
    let expected: Value = serde_json::from_str(
        &std::fs::read_to_string(data("copenhagen/copenhagen_housing_expected.json")).unwrap(),
    )
    .unwrap();
    let mut checked = 0;
    for method in ["wilson", "clopper_pearson"] {
        let path = format!(
            "/api/v1/estimates?questionnaire=copenhagen-housing&by=housing_type&method={method}"
        );
        let (status, picture) = server.get(&path).await;
        assert_eq!(status, 200, "{picture}");
        for case in expected["cases"].as_array().unwrap() {
            let housing = case["housing_type"].as_str().unwrap().to_lowercase();
            let code = Some(housing.as_str()).filter(|code| *code != "all");
            let indicator = format!(
                "satisfaction_{}",
                case["satisfaction"].as_str().unwrap().to_lowercase()
            );
            let rows = picture["rows"].as_array().unwrap();
            let row = rows
                .iter()
                .find(|row| row["code"].as_str() == code)
                .unwrap();
            let rate = row["rates"]
                .as_array()
                .unwrap()
                .iter()
                .find(|r| r["indicator"] == *indicator)
                .unwrap();
            assert_eq!((&rate["positive"], &rate["n"]), (&case["x"], &case["n"]));
            for (key, index) in [("lower", 0), ("upper", 1)] {
                let got = rate["estimate"][key].as_f64().unwrap();
                let expected = case[method][index].as_f64().unwrap();
                assert!(
                    (got - expected).abs() < 1e-9,
                    "{housing} {indicator} {method} {key}: {got}"
                );
                checked += 1;
            }
        }
    }
    assert_eq!(checked, 60);
    drop(server);
    place.assert_recount().await;
}

#[tokio::test]
async fn a_file_with_a_bad_row_is_refused_whole_naming_line_and_column() {
    let place = Place::new();
    let file = place.path().join("bad.csv");
    let text = "id,housing_type,influence,contact,satisfaction\n\
                1,Tower,Low,Low,Low\n2,Castle,Low,Low,Low\n3,Tower,Low,,Low\n4,Tower,Low,Low\n";
    std::fs::write(&file, text).unwrap();
    let (success, said) = import(&place, file.to_str().unwrap()).await;
    assert!(!success);
    assert!(said.contains("nothing was imported"), "{said}");
    assert!(
        said.contains("line 3, column housing_type") && said.contains("Castle"),
        "{said}"
    );
    assert!(said.contains("line: 5"), "{said}");
    let (_, csv) = place.run(&["export", "--questionnaire", "resident"]).await;
    assert_eq!(csv.lines().count(), 1, "{csv}");
}
