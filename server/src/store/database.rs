//! Which database, and what is done with it as a whole: opening, copying.

use super::{Postgres, Sqlite, Store, StoreError};
use std::path::Path;
use std::sync::Arc;

/// Which database, and how it is used.
#[derive(Debug, Clone)]
pub struct Database {
    /// `sqlite:PATH` or `postgres://…`.
    pub address: String,
    /// How many connections one server may open to PostgreSQL.
    pub connections: u32,
    /// Whether a transaction is to stay inside one bucket, as it does anyway in a database that is
    /// distributed by bucket.
    pub one_bucket_per_batch: bool,
}

impl Database {
    /// How many connections a server opens unless told otherwise: two servers fit into a database
    /// that allows twenty.
    pub const CONNECTIONS: u32 = 8;

    /// The database at an address, used as it is by default.
    pub fn at(address: &str) -> Self {
        Database {
            address: address.to_owned(),
            connections: Self::CONNECTIONS,
            one_bucket_per_batch: false,
        }
    }

    /// Whether it is part of this process, and no server of its own.
    pub fn is_embedded(&self) -> bool {
        self.address.starts_with("sqlite:")
    }
}

impl std::fmt::Display for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.is_embedded() {
            true => f.write_str(&self.address),
            // The address may hold a password.
            false => f.write_str("the PostgreSQL database"),
        }
    }
}

/// Opens a store, creating or migrating it as needed.
///
/// # Errors
/// Whatever the database says, or an address of no known kind.
pub async fn open(database: &Database) -> Result<Arc<dyn Store>, StoreError> {
    match database.address.split_once(':') {
        Some(("sqlite", path)) => Ok(Arc::new(Sqlite::open(path).await?)),
        Some(("postgres" | "postgresql", _)) => Ok(Arc::new(Postgres::open(database).await?)),
        _ => Err(unknown()),
    }
}

/// Opens the store at an address as it is, to read only: nothing is created or migrated.
///
/// # Errors
/// See [`open`].
pub async fn open_to_read(database: &Database) -> Result<Arc<dyn Store>, StoreError> {
    match database.address.split_once(':') {
        Some(("sqlite", path)) => Ok(Arc::new(Sqlite::open_to_read(path).await?)),
        _ => open(database).await,
    }
}

/// Copies the store at an address to a new file, while it may be in use.
///
/// # Errors
/// If the file exists, if the store is not sound, or what the disk says.
pub async fn backup(database: &Database, to: &Path) -> Result<(), StoreError> {
    match database.address.split_once(':') {
        Some(("sqlite", path)) => Sqlite::backup(path, to).await,
        Some(("postgres" | "postgresql", _)) => {
            Err(StoreError::Elsewhere("back PostgreSQL up with pg_dump"))
        }
        _ => Err(unknown()),
    }
}

/// Makes a new store at an address from a back-up.
///
/// # Errors
/// If there is a store at the address, if the back-up is not sound, or what the disk says.
pub async fn restore(from: &Path, database: &Database) -> Result<(), StoreError> {
    match database.address.split_once(':') {
        Some(("sqlite", path)) => Sqlite::restore(from, path).await,
        Some(("postgres" | "postgresql", _)) => {
            Err(StoreError::Elsewhere("restore PostgreSQL with pg_restore"))
        }
        _ => Err(unknown()),
    }
}

fn unknown() -> StoreError {
    // The address itself is not repeated: it may hold a password.
    StoreError::Database(sqlx::Error::Configuration(
        "this is no database address; give sqlite:PATH or postgres://USER@HOST/NAME".into(),
    ))
}
