//! A copy of a database in one file: consistent while others write, complete or not there at all.

use super::check;
use crate::store::StoreError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::fs::{self, File};

/// Copies the database at `from` to a new file `to` and returns once the copy is on disk. Takes
/// one snapshot; nobody who writes meanwhile waits.
///
/// The name is claimed first by an empty file, and the copy takes its place in one step: a copy
/// that broke off is empty and cannot be taken for a whole one.
///
/// # Errors
/// If `from` is no sound Wendu database, if `to` exists already, or if the disk says no.
pub async fn copy(from: &Path, to: &Path) -> Result<(), StoreError> {
    let mut source = open(from).await?;
    if let Some(fault) = check::integrity(&mut source).await?.first() {
        return Err(refused(from, fault));
    }
    for suffix in ["", "-wal", "-journal"] {
        let other = beside(to, suffix);
        if fs::try_exists(&other).await.map_err(failed(&other))? {
            return Err(refused(&other, "exists already and is not overwritten"));
        }
    }
    File::create_new(to).await.map_err(failed(to))?;
    let partial = beside(to, ".partial");
    let done = async {
        sqlx::query("VACUUM INTO ?")
            .bind(partial.to_string_lossy())
            .execute(&mut source)
            .await?;
        let copied = File::open(&partial).await.map_err(failed(&partial))?;
        copied.sync_all().await.map_err(failed(&partial))?;
        fs::rename(&partial, to).await.map_err(failed(to))?;
        // The name is on disk once the folder is.
        let folder = match to.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        let folder = File::open(folder).await.map_err(failed(folder))?;
        folder.sync_all().await.map_err(failed(to))
    };
    let done = done.await;
    if done.is_err() {
        // What was claimed is given back; whether that succeeds changes nothing.
        let _ = fs::remove_file(&partial).await;
        let _ = fs::remove_file(to).await;
    }
    source.close().await?;
    done
}

async fn open(path: &Path) -> Result<SqliteConnection, StoreError> {
    let source = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .busy_timeout(Duration::from_secs(10))
        .connect()
        .await
        .map_err(|error| refused(path, &error.to_string()))?;
    Ok(source)
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

fn failed(path: &Path) -> impl FnOnce(std::io::Error) -> StoreError {
    let path = path.to_owned();
    move |error| StoreError::File {
        path,
        why: error.to_string(),
    }
}

fn refused(path: &Path, why: &str) -> StoreError {
    StoreError::File {
        path: path.to_owned(),
        why: why.to_owned(),
    }
}
