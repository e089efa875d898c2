//! Whether a database is sound: SQLite's own checks, and rows that belong to nothing.

use crate::store::StoreError;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqlitePool};

/// What must not be there, and how many rows of it there are.
const STRAYS: [(&str, &str); 6] = [
    (
        "answers to a questionnaire that is not published",
        "SELECT count(*) FROM response AS r LEFT JOIN questionnaire AS q
             ON q.id = r.questionnaire AND q.version = r.version WHERE q.id IS NULL",
    ),
    (
        "tallies of a questionnaire that is not published",
        "SELECT count(*) FROM tally AS t LEFT JOIN questionnaire AS q
             ON q.id = t.questionnaire AND q.version = t.version WHERE q.id IS NULL",
    ),
    (
        "responses whose id is damaged",
        "SELECT count(*) FROM response WHERE length(id) <> 16",
    ),
    (
        "responses without answers that were not withdrawn",
        "SELECT count(*) FROM response
         WHERE withdrawn_at IS NULL AND (answers IS NULL OR fingerprint IS NULL)",
    ),
    (
        "withdrawn responses that still hold something",
        "SELECT count(*) FROM response WHERE withdrawn_at IS NOT NULL
             AND coalesce(answers, fingerprint, site, origin, assistance) IS NOT NULL",
    ),
    (
        "sessions of an account that does not exist",
        "SELECT count(*) FROM session WHERE account NOT IN (SELECT name FROM account)",
    ),
];

/// See [`crate::store::Store::check`]. One consistent view; nobody who writes waits for it.
pub async fn check(pool: &SqlitePool) -> Result<Vec<String>, StoreError> {
    let mut snapshot = pool.begin().await?;
    let mut faults = integrity(&mut snapshot).await?;
    if !faults.is_empty() {
        // On damaged pages, whatever else is asked has no reliable answer.
        return Ok(faults);
    }
    for (what, count) in STRAYS {
        let n: i64 = sqlx::query_scalar(count).fetch_one(&mut *snapshot).await?;
        if n > 0 {
            faults.push(format!("{n} {what}"));
        }
    }
    for row in sqlx::query("SELECT \"table\", count(*) FROM pragma_foreign_key_check GROUP BY 1")
        .fetch_all(&mut *snapshot)
        .await?
    {
        let (table, n): (String, i64) = (row.try_get(0)?, row.try_get(1)?);
        faults.push(format!("{n} rows of {table} refer to what is not there"));
    }
    Ok(faults)
}

/// What SQLite finds wrong with the file, and whether it is one of ours at all.
pub async fn integrity(connection: &mut SqliteConnection) -> Result<Vec<String>, StoreError> {
    let found: Result<Vec<String>, sqlx::Error> = sqlx::query_scalar("PRAGMA integrity_check(20)")
        .fetch_all(&mut *connection)
        .await;
    match found {
        Ok(lines) if lines == ["ok"] => {}
        Ok(lines) => return Ok(lines),
        // Damage at the very start is an error where damage elsewhere is a finding.
        Err(sqlx::Error::Database(error)) => return Ok(vec![error.to_string()]),
        Err(error) => return Err(error.into()),
    }
    let ours: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM sqlite_schema
         WHERE type = 'table' AND name IN ('questionnaire', 'response', 'tally')",
    )
    .fetch_one(connection)
    .await?;
    Ok(if ours == 3 {
        Vec::new()
    } else {
        vec!["this is no Wendu database".to_owned()]
    })
}

#[cfg(test)]
mod tests {
    use crate::store::{self, Store, sqlite::Sqlite};
    use sqlx::sqlite::SqliteConnectOptions;
    use sqlx::{ConnectOptions, Connection};

    #[tokio::test]
    async fn rows_that_belong_to_nothing_are_found() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("wendu.sqlite");
        let address = format!("sqlite:{}", path.display());
        let store = store::open(&store::Database::at(&address)).await.unwrap();
        assert_eq!(store.check().await.unwrap(), [""; 0]);
        let mut hand = SqliteConnectOptions::new()
            .filename(&path)
            .foreign_keys(false)
            .connect()
            .await
            .unwrap();
        for id in ["00000000000070008000000000000041", "0F"] {
            sqlx::query(
                "INSERT INTO response VALUES (unhex(?), 'nope', 1, '', '', 'self', NULL, NULL,
                     'zh-CN', 0, 0, NULL, NULL, NULL, NULL, NULL, NULL)",
            )
            .bind(id)
            .execute(&mut hand)
            .await
            .unwrap();
        }
        sqlx::query("INSERT INTO session VALUES (x'00', 'nobody', 0)")
            .execute(&mut hand)
            .await
            .unwrap();
        hand.close().await.unwrap();
        let faults = store.check().await.unwrap();
        for said in [
            "2 answers to a questionnaire that is not published",
            "1 responses whose id is damaged",
            "2 responses without answers that were not withdrawn",
            "1 sessions of an account that does not exist",
            "2 rows of response refer to what is not there",
        ] {
            assert!(faults.iter().any(|fault| fault == said), "{faults:?}");
        }
        store.close().await;
    }

    #[tokio::test]
    async fn only_a_wendu_database_is_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("other.sqlite");
        std::fs::write(&path, "").unwrap();
        let other = Sqlite::open_to_read(&path.display().to_string())
            .await
            .unwrap();
        assert_eq!(other.check().await.unwrap(), ["this is no Wendu database"]);
        std::fs::write(
            &path,
            "no database at all, but long enough to have a header".repeat(40),
        )
        .unwrap();
        let copied = folder.path().join("copy.sqlite");
        let refused = Sqlite::backup(&path.display().to_string(), &copied).await;
        assert!(refused.unwrap_err().to_string().contains("not a database"));
        assert!(!copied.exists());
    }
}
