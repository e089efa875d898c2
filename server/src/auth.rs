//! Signing in: argon2id passwords, sessions by the hash of a random token, lock-out.

use crate::store::{Account, Store, StoreError};
use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use sha2::{Digest, Sha256};

/// The office's account.
pub const OFFICE: &str = "office";

/// The account with which every interviewer's device signs in.
pub const INTERVIEWER: &str = "interviewer";

/// How many failed attempts in a row lock the account.
const ATTEMPTS: u32 = 5;
/// For how long, in milliseconds; doubled with every further failure, up to a day.
const LOCK_MS: i64 = 60_000;
const LONGEST_LOCK_MS: i64 = 24 * 3_600_000;
/// How long a session lasts, in milliseconds.
pub const SESSION_MS: i64 = 12 * 3_600_000;

/// What became of an attempt to sign in.
#[derive(Debug, PartialEq, Eq)]
pub enum Attempt {
    /// The token for the cookie.
    SignedIn(String),
    /// The password is wrong.
    WrongPassword,
    /// Too many wrong passwords: not before this time, in milliseconds since the Unix epoch.
    LockedUntil(i64),
}

/// Why signing in failed for reasons of ours.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The system gave no random numbers.
    #[error("no random numbers: {0}")]
    Random(#[from] getrandom::Error),
    /// The password could not be hashed or read back.
    #[error("the password could not be hashed: {0}")]
    Hash(String),
}

/// Makes the office's password if there is none yet, and returns it to be shown once.
///
/// # Errors
/// [`AuthError`].
pub async fn first_password(store: &dyn Store) -> Result<Option<String>, AuthError> {
    if store.account(OFFICE).await?.is_some() {
        return Ok(None);
    }
    let (password, account) = generate().await?;
    // Of several servers that start on one database, one makes the password.
    let created = store.create_account(OFFICE, &account).await?;
    Ok(created.then_some(password))
}

/// Gives an account a new password; every session ends. Devices stay: their answers may be on the
/// way.
///
/// # Errors
/// [`AuthError`].
pub async fn new_password(store: &dyn Store, name: &str) -> Result<String, AuthError> {
    let (password, account) = generate().await?;
    store.set_account(name, &account).await?;
    Ok(password)
}

/// A new password and the account that it opens.
async fn generate() -> Result<(String, Account), AuthError> {
    // 80 bits from an alphabet without letters that look alike.
    const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
    let mut random = [0u8; 16];
    getrandom::fill(&mut random)?;
    let mut password = String::new();
    for (index, byte) in random.iter().enumerate() {
        if index > 0 && index % 4 == 0 {
            password.push('-');
        }
        password.extend(ALPHABET.get(usize::from(byte & 31)).map(|c| char::from(*c)));
    }
    let account = Account {
        password_hash: hash(password.clone()).await?,
        failures: 0,
        locked_until: 0,
    };
    Ok((password, account))
}

/// What became of a password.
#[derive(Debug, PartialEq, Eq)]
pub enum Admission {
    /// It is right.
    Admitted,
    /// It is wrong, or there is no such account.
    WrongPassword,
    /// Too many wrong ones: not before this time, in milliseconds since the Unix epoch.
    LockedUntil(i64),
}

/// Checks an account's password, and locks the account after too many wrong ones.
///
/// # Errors
/// [`AuthError`]; a wrong password is no error but an [`Admission`].
pub async fn admit(
    store: &dyn Store,
    name: &str,
    password: String,
    now: i64,
) -> Result<Admission, AuthError> {
    let Some(mut account) = store.account(name).await? else {
        return Ok(Admission::WrongPassword);
    };
    if account.locked_until > now {
        return Ok(Admission::LockedUntil(account.locked_until));
    }
    if !verify(password, account.password_hash.clone()).await? {
        account.failures = account.failures.saturating_add(1);
        if account.failures >= ATTEMPTS {
            let doublings = (account.failures - ATTEMPTS).min(20);
            account.locked_until = now + (LOCK_MS << doublings).min(LONGEST_LOCK_MS);
        }
        store.set_account(name, &account).await?;
        return Ok(if account.locked_until > now {
            Admission::LockedUntil(account.locked_until)
        } else {
            Admission::WrongPassword
        });
    }
    if account.failures > 0 {
        account.failures = 0;
        account.locked_until = 0;
        store.set_account(name, &account).await?;
    }
    Ok(Admission::Admitted)
}

/// Tries to sign in to the office.
///
/// # Errors
/// [`AuthError`]; a wrong password is no error but an [`Attempt`].
pub async fn sign_in(store: &dyn Store, password: String, now: i64) -> Result<Attempt, AuthError> {
    match admit(store, OFFICE, password, now).await? {
        Admission::WrongPassword => return Ok(Attempt::WrongPassword),
        Admission::LockedUntil(time) => return Ok(Attempt::LockedUntil(time)),
        Admission::Admitted => {}
    }
    let token = new_token()?;
    store
        .open_session(OFFICE, &token_hash(&token), now + SESSION_MS)
        .await?;
    Ok(Attempt::SignedIn(token))
}

/// 256 random bits.
///
/// # Errors
/// If the system gives none.
pub fn new_token() -> Result<String, AuthError> {
    let mut token = [0u8; 32];
    getrandom::fill(&mut token)?;
    Ok(token.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// What is stored of a session's token.
pub fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

async fn hash(password: String) -> Result<String, AuthError> {
    let hashed = tokio::task::spawn_blocking(move || {
        Argon2::default()
            .hash_password(password.as_bytes())
            .map(|hash| hash.to_string())
    });
    hashed
        .await
        .map_err(|error| AuthError::Hash(error.to_string()))?
        .map_err(|error| AuthError::Hash(error.to_string()))
}

async fn verify(password: String, hash: String) -> Result<bool, AuthError> {
    let verified = tokio::task::spawn_blocking(move || {
        let hash = PasswordHash::new(&hash).map_err(|error| error.to_string())?;
        Ok(Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok())
    });
    verified
        .await
        .map_err(|error| AuthError::Hash(error.to_string()))?
        .map_err(AuthError::Hash)
}
