//! A copy of a database in one file: consistent while others write, complete or not there at all.

use super::check;
use crate::store::StoreError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use std::ffi::OsString;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempPath;
use tokio::fs::{self, File};

/// Copies the database at `from` to a new file `to` and returns once the copy is on disk. Takes
/// one snapshot; nobody who writes meanwhile waits.
///
/// The copy is made under another name beside it and gets its own when it is whole: whatever breaks
/// it off, there is no file that could be taken for one. What an earlier attempt has left is written
/// over.
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
            return Err(refused(&other, EXISTS));
        }
    }
    let (claim, partial) = claim(beside(to, ".partial")).await?;
    let copying = sqlx::query("VACUUM INTO ?").bind(partial.to_string_lossy());
    copying.execute(&mut source).await?;
    source.close().await?;
    claim.sync_all().await.map_err(failed(&partial))?;
    partial
        .persist_noclobber(to)
        .map_err(|error| match error.error.kind() {
            ErrorKind::AlreadyExists => refused(to, EXISTS),
            _ => failed(to)(error.error),
        })?;
    // The name is on disk once the folder is.
    let folder = match to.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let folder = File::open(folder).await.map_err(failed(folder))?;
    folder.sync_all().await.map_err(failed(to))
}

const EXISTS: &str = "exists already and is not overwritten";

/// An empty file that nobody else copies to as long as it is open. It is removed unless it is given
/// another name.
async fn claim(path: PathBuf) -> Result<(File, TempPath), StoreError> {
    let file = File::options().create(true).append(true).open(&path).await;
    let file = file.map_err(failed(&path))?.into_std().await;
    // Whoever has just finished has released the file, and given it its name.
    if file.try_lock().is_err() || !is_at(&file, &path).await {
        return Err(refused(&path, "another copy is being made there"));
    }
    file.set_len(0).map_err(failed(&path))?;
    // SQLite would roll an earlier attempt back into the new one.
    let journal = beside(&path, "-journal");
    if let Err(error) = fs::remove_file(&journal).await
        && error.kind() != ErrorKind::NotFound
    {
        return Err(failed(&journal)(error));
    }
    let partial = TempPath::try_from_path(&path).map_err(failed(&path))?;
    Ok((File::from_std(file), partial))
}

/// Whether a path leads to a file that is open.
async fn is_at(file: &std::fs::File, path: &Path) -> bool {
    let place = |data: &std::fs::Metadata| (data.dev(), data.ino());
    let there = fs::metadata(path).await;
    matches!((&file.metadata(), &there), (Ok(open), Ok(there)) if place(open) == place(there))
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
