//! TLS with the operator's own certificate files, which are read again when they are renewed.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{self, InconsistentKeys, ServerConfig};
use tokio_rustls::server::TlsStream;

/// How often the files are looked at for a renewal.
const LOOK: Duration = Duration::from_secs(10);

/// Where the certificate and its key are.
#[derive(Debug, Clone)]
pub struct Files {
    /// The server's certificate and those between it and the authority, as PEM.
    pub certificate: PathBuf,
    /// Its key, as PEM, without a password.
    pub key: PathBuf,
}

/// Whether the server itself speaks TLS.
#[derive(Debug, Clone, clap::Args)]
pub struct TlsArgs {
    /// A certificate (PEM, with those between it and its authority): serve https with it
    #[arg(long, env = "WENDU_TLS_CERTIFICATE", value_name = "FILE")]
    pub tls_certificate: Option<PathBuf>,
    /// The certificate's key (PEM)
    #[arg(long, env = "WENDU_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
}

impl TlsArgs {
    /// Both files or neither; what is not given here is taken from elsewhere.
    ///
    /// # Errors
    /// Which of them is missing.
    pub fn or(
        &self,
        certificate: Option<PathBuf>,
        key: Option<PathBuf>,
    ) -> Result<Option<Files>, String> {
        match (
            self.tls_certificate.clone().or(certificate),
            self.tls_key.clone().or(key),
        ) {
            (Some(certificate), Some(key)) => Ok(Some(Files { certificate, key })),
            (None, None) => Ok(None),
            (Some(_), None) => Err("tls-certificate: give its key with --tls-key FILE".to_owned()),
            (None, Some(_)) => {
                Err("tls-key: give its certificate with --tls-certificate FILE".to_owned())
            }
        }
    }
}

/// What is wrong with the files, and the remedy.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error(
        "{file}: {error}; the certificate and its key must be there and readable for the user as whom the server runs"
    )]
    Unreadable { file: String, error: io::Error },
    /// A file is damaged.
    #[error("{file}: damaged: {error}; take a whole PEM file, as the authority gave it")]
    Damaged { file: String, error: pem::Error },
    /// There is no certificate in the file.
    #[error(
        "{file}: there is no certificate in it; give a PEM file with -----BEGIN CERTIFICATE-----, \
         the server's own first (certbot calls it fullchain.pem)"
    )]
    NoCertificate { file: String },
    /// There is no key in the file.
    #[error(
        "{file}: there is no private key in it; give a PEM file with -----BEGIN PRIVATE KEY----- \
         (certbot calls it privkey.pem)"
    )]
    NoKey { file: String },
    /// The key has a password.
    #[error(
        "{file}: the key is encrypted, and nobody is there to type its password; write it without \
         one: openssl pkey -in {file} -out NEWFILE"
    )]
    EncryptedKey { file: String },
    /// The two do not belong together.
    #[error(
        "{key}: this key does not fit the certificate in {certificate}; give the two that were \
         made together"
    )]
    Mismatch { key: String, certificate: String },
    /// Anything else that rustls does not like.
    #[error("{certificate} with {key}: {error}; ask the authority for another")]
    Unusable {
        key: String,
        certificate: String,
        error: rustls::Error,
    },
}

/// Speaks TLS with the certificate that was read last.
pub struct Tls {
    acceptor: TlsAcceptor,
    files: Files,
    shown: Arc<Shown>,
    hangups: Signal,
}

/// The certificate that new connections get.
#[derive(Debug)]
struct Shown(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let shown = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(&shown))
    }
}

impl Tls {
    /// Reads the files, and listens for SIGHUP from now on.
    ///
    /// # Errors
    /// What is wrong with a file, and the remedy.
    pub fn open(files: Files) -> Result<Tls, Box<dyn std::error::Error>> {
        let provider = Arc::new(ring::default_provider());
        let shown = Arc::new(Shown(RwLock::new(Arc::new(read(&files, &provider)?))));
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(shown.clone());
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Tls {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            files,
            shown,
            hangups: signal(SignalKind::hangup())?,
        })
    }

    /// How connections become TLS.
    pub fn handshakes(&self) -> Handshakes {
        Handshakes(self.acceptor.clone())
    }

    /// Reads the files again when they have changed and on SIGHUP, until the server stops. Files
    /// that are not right change nothing: they may be half written, and are looked at again.
    pub async fn renew(mut self, mut stopping: watch::Receiver<bool>) {
        let mut current = stamps(&self.files);
        let mut told = None;
        loop {
            let asked = tokio::select! {
                _ = stopping.wait_for(|stopping| *stopping) => return,
                Some(()) = self.hangups.recv() => true,
                () = tokio::time::sleep(LOOK) => false,
            };
            let (files, provider) = (self.files.clone(), self.acceptor.config().clone());
            let known = if asked { None } else { Some(current) };
            let reading = move || read_if_changed(&files, provider.crypto_provider(), known);
            match tokio::task::spawn_blocking(reading).await {
                Ok(None) => {}
                Ok(Some((stamps, Ok(certificate)))) => {
                    let mut shown = self.shown.0.write().unwrap_or_else(PoisonError::into_inner);
                    *shown = Arc::new(certificate);
                    (current, told) = (stamps, None);
                    tracing::info!("the certificate was read again; new connections get it");
                }
                Ok(Some((_, Err(error)))) => {
                    let error = error.to_string();
                    if asked || told.as_ref() != Some(&error) {
                        tracing::error!(error, "a new certificate is faulty; the old one is kept");
                    }
                    told = Some(error);
                }
                Err(error) => tracing::error!(%error, "reading the certificate ended badly"),
            }
        }
    }
}

/// Makes TLS of connections.
#[derive(Clone)]
pub struct Handshakes(TlsAcceptor);

impl Handshakes {
    /// Shakes hands with a client, however long it takes.
    ///
    /// # Errors
    /// If it breaks off, or speaks no TLS or none that is still safe.
    pub async fn shake<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: S,
    ) -> io::Result<TlsStream<S>> {
        self.0.accept(stream).await
    }
}

/// When the files were changed; nothing for one that is not there.
type Stamps = [Option<(SystemTime, u64)>; 2];

fn stamps(files: &Files) -> Stamps {
    [&files.certificate, &files.key].map(|file| {
        let known = fs::metadata(file).ok()?;
        Some((known.modified().ok()?, known.len()))
    })
}

/// Reads the files unless they are as they were. The stamps are taken first, so that what changes
/// while they are read is read again.
fn read_if_changed(
    files: &Files,
    provider: &CryptoProvider,
    known: Option<Stamps>,
) -> Option<(Stamps, Result<CertifiedKey, TlsError>)> {
    let now = stamps(files);
    (known != Some(now)).then(|| (now, read(files, provider)))
}

fn read(files: &Files, provider: &CryptoProvider) -> Result<CertifiedKey, TlsError> {
    let (certificate, key) = (name(&files.certificate), name(&files.key));
    let chain = CertificateDer::pem_slice_iter(&content(&files.certificate)?)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| TlsError::Damaged {
            file: certificate.clone(),
            error,
        })?;
    if chain.is_empty() {
        return Err(TlsError::NoCertificate { file: certificate });
    }
    let secret = secret(&content(&files.key)?, &key)?;
    CertifiedKey::from_der(chain, secret, provider).map_err(|error| match error {
        rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
            TlsError::Mismatch { key, certificate }
        }
        error => TlsError::Unusable {
            key,
            certificate,
            error,
        },
    })
}

fn secret(pem: &[u8], file: &str) -> Result<PrivateKeyDer<'static>, TlsError> {
    let file = file.to_owned();
    let text = String::from_utf8_lossy(pem);
    // As OpenSSL writes it today, and as it did.
    if ["BEGIN ENCRYPTED PRIVATE KEY", "Proc-Type: 4,ENCRYPTED"]
        .iter()
        .any(|mark| text.contains(mark))
    {
        return Err(TlsError::EncryptedKey { file });
    }
    PrivateKeyDer::from_pem_slice(pem).map_err(|error| match error {
        pem::Error::NoItemsFound => TlsError::NoKey { file },
        error => TlsError::Damaged { file, error },
    })
}

fn content(file: &Path) -> Result<Vec<u8>, TlsError> {
    fs::read(file).map_err(|error| TlsError::Unreadable {
        file: name(file),
        error,
    })
}

fn name(file: &Path) -> String {
    file.display().to_string()
}
