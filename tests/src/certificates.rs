//! Certificates for tests: an authority of their own, and what it issues.

use crate::server::Server;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};

/// Who issues certificates that the tests' clients believe.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

/// A certificate for this machine, and its key, as PEM.
pub struct Issued {
    pub certificate: String,
    pub key: String,
    /// The certificate as clients see it.
    pub seen: Vec<u8>,
}

impl Issued {
    /// Writes both into a folder, one after the other, as whoever renews them does.
    pub fn write(&self, folder: &Path) -> [PathBuf; 2] {
        let files = [
            ("fullchain.pem", &self.certificate),
            ("privkey.pem", &self.key),
        ];
        files.map(|(name, text)| {
            let path = folder.join(name);
            std::fs::write(&path, text).expect("a file");
            path
        })
    }
}

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let issuer = CertifiedIssuer::self_signed(params, key).expect("an authority");
        Authority { issuer }
    }

    /// Issues a certificate for `localhost` and 127.0.0.1.
    pub fn issue(&self) -> Issued {
        let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
        let params = CertificateParams::new(names).expect("names");
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        Issued {
            certificate: certificate.pem(),
            key: key.serialize_pem(),
            seen: certificate.der().to_vec(),
        }
    }

    /// What a client must believe in.
    pub fn root(&self) -> reqwest::Certificate {
        reqwest::Certificate::from_der(self.issuer.der()).expect("a certificate")
    }

    /// A new connection to a server, hands shaken in one of these versions of TLS.
    ///
    /// # Errors
    /// If the server does not want to.
    pub async fn connect(
        &self,
        server: &Server,
        versions: &[&'static SupportedProtocolVersion],
    ) -> std::io::Result<TlsStream<TcpStream>> {
        let mut roots = RootCertStore::empty();
        roots.add(self.issuer.der().clone()).expect("a root");
        let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(versions)
            .expect("versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let name = ServerName::try_from("localhost").expect("a name");
        let stream = TcpStream::connect(server.host()).await?;
        TlsConnector::from(Arc::new(config))
            .connect(name, stream)
            .await
    }
}

impl Default for Authority {
    fn default() -> Self {
        Authority::new()
    }
}
