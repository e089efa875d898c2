//! How `wendu serve` is configured: by flags, then `WENDU_*` variables, then a file.

use crate::http::listen;
use crate::store::Database;
use crate::widgets::Widgets;
use clap::Args;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use survey::campaign::is_origin;

/// The largest number that a bound can be set to.
const MOST: usize = 1_000_000;

/// What a configuration file may hold: the long names of the flags.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    listen: Option<SocketAddr>,
    database: Option<String>,
    database_connections: Option<u32>,
    #[serde(default)]
    one_bucket_per_batch: bool,
    public_url: Option<String>,
    tls_certificate: Option<PathBuf>,
    tls_key: Option<PathBuf>,
    font: Option<PathBuf>,
    questionnaires: Option<PathBuf>,
    campaign: Option<PathBuf>,
    connections: Option<usize>,
    queue: Option<usize>,
    metrics: Option<SocketAddr>,
    otlp_endpoint: Option<String>,
    #[serde(default)]
    embed: BTreeMap<String, Vec<String>>,
}

/// Where the answers are.
#[derive(Debug, Clone, Args)]
pub struct DatabaseArgs {
    /// The database: sqlite:PATH or postgres://USER@HOST/NAME [default: sqlite:wendu.sqlite]
    #[arg(
        long,
        env = "WENDU_DATABASE",
        value_name = "ADDRESS",
        hide_env_values = true
    )]
    pub database: Option<String>,
    /// How many connections to PostgreSQL one server may open, at least 3 [default: 8]
    #[arg(long, env = "WENDU_DATABASE_CONNECTIONS", value_name = "N")]
    pub database_connections: Option<u32>,
    /// Keep every batch inside one bucket, for PostgreSQL distributed by bucket (Citus)
    #[arg(long, env = "WENDU_ONE_BUCKET_PER_BATCH")]
    pub one_bucket_per_batch: bool,
    /// A TOML file with any of the flags' long names
    #[arg(long, env = "WENDU_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// A folder of questionnaires (*.json) beside the built-in ones
    #[arg(long, env = "WENDU_QUESTIONNAIRES", value_name = "DIR")]
    pub questionnaires: Option<PathBuf>,
    /// A campaign file in place of the built-in one
    #[arg(long, env = "WENDU_CAMPAIGN", value_name = "FILE")]
    pub campaign: Option<PathBuf>,
}

/// What stands on posters.
#[derive(Debug, Clone, Args)]
pub struct PublicArgs {
    /// The address by which people reach this server, such as https://wendu.example
    #[arg(long, env = "WENDU_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// A font with Chinese characters, to draw posters with [default: one of the system's]
    #[arg(long, env = "WENDU_FONT", value_name = "FILE")]
    pub font: Option<PathBuf>,
}

/// How the server is reached.
#[derive(Debug, Clone, Args)]
pub struct ServeArgs {
    #[command(flatten)]
    pub database: DatabaseArgs,
    /// The address to listen on [default: 127.0.0.1:8080]
    #[arg(long, env = "WENDU_LISTEN", value_name = "IP:PORT")]
    pub listen: Option<SocketAddr>,
    #[command(flatten)]
    pub public: PublicArgs,
    #[command(flatten)]
    pub tls: listen::TlsArgs,
    /// Who may embed a questionnaire or a widget of the campaign: resident=https://news.example (may
    /// be given several times)
    #[arg(
        long,
        env = "WENDU_EMBED",
        value_name = "KEY=ORIGIN",
        value_delimiter = ','
    )]
    pub embed: Vec<String>,
    /// How many connections may be open at once; more wait [default: 10000]
    #[arg(
        long,
        env = "WENDU_CONNECTIONS",
        value_name = "N",
        hide_short_help = true
    )]
    pub connections: Option<usize>,
    /// How many answers may wait to be written; more are told to come back [default: 4096]
    #[arg(long, env = "WENDU_QUEUE", value_name = "N", hide_short_help = true)]
    pub queue: Option<usize>,
    /// Where to serve Prometheus metrics, such as 127.0.0.1:9100; nowhere if not given
    #[arg(
        long,
        env = "WENDU_METRICS",
        value_name = "IP:PORT",
        hide_short_help = true
    )]
    pub metrics: Option<SocketAddr>,
    /// Where to send OpenTelemetry traces (OTLP over HTTP), such as http://127.0.0.1:4318
    #[arg(
        long,
        env = "WENDU_OTLP_ENDPOINT",
        value_name = "URL",
        hide_short_help = true
    )]
    pub otlp_endpoint: Option<String>,
    /// Load a simulated campaign first, into a database of its own
    #[arg(long)]
    pub demo: bool,
}

/// A configuration with every source taken together.
#[derive(Debug, Clone)]
pub struct Config {
    /// The address to listen on.
    pub listen: SocketAddr,
    /// The database.
    pub database: Database,
    /// The address by which people reach the server, without a slash at the end.
    pub public_url: Option<String>,
    /// The certificate, if the server itself speaks TLS.
    pub tls: Option<listen::Files>,
    /// The font to draw posters with; if none, one of the system's.
    pub font: Option<PathBuf>,
    /// Who may embed what.
    pub widgets: Widgets,
    /// How many connections may be open at once, at least one.
    pub connections: usize,
    /// How many answers may wait to be written, at least one.
    pub queue: usize,
    /// Where metrics are served, if they are.
    pub metrics: Option<SocketAddr>,
    /// Where traces are sent, if they are.
    pub otlp_endpoint: Option<String>,
    /// Where questionnaires and campaign come from.
    pub files: crate::catalogue::Files,
}

impl Config {
    /// Whether browsers reach the server by https only.
    pub fn is_secure(&self) -> bool {
        let url = self.public_url.as_ref();
        self.tls.is_some() || url.is_some_and(|url| url.starts_with("https:"))
    }

    /// Whether the server is only being tried out: bound to this machine and given no public
    /// address.
    pub fn is_trial(&self) -> bool {
        self.public_url.is_none() && self.listen.ip().is_loopback()
    }

    /// The address that stands on posters: the public one, or while it is tried out its own.
    pub fn poster_url(&self) -> Option<String> {
        let own = || self.is_trial().then(|| self.local_url());
        self.public_url.clone().or_else(own)
    }

    /// The address at which it listens, as browsers write it.
    pub fn local_url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.listen)
    }
}

impl DatabaseArgs {
    /// The database and the catalogue's files.
    ///
    /// # Errors
    /// A text that names the file and what is wrong with it.
    pub fn resolve(&self) -> Result<(Database, crate::catalogue::Files), String> {
        let file = file(self.config.as_ref())?;
        Ok(self.merged(&file))
    }

    fn merged(&self, file: &File) -> (Database, crate::catalogue::Files) {
        let address = self.database.clone().or_else(|| file.database.clone());
        let database = Database {
            address: address.unwrap_or_else(|| "sqlite:wendu.sqlite".to_owned()),
            connections: self
                .database_connections
                .or(file.database_connections)
                .unwrap_or(Database::CONNECTIONS),
            one_bucket_per_batch: self.one_bucket_per_batch || file.one_bucket_per_batch,
        };
        let files = crate::catalogue::Files {
            questionnaires: self
                .questionnaires
                .clone()
                .or_else(|| file.questionnaires.clone()),
            campaign: self.campaign.clone().or_else(|| file.campaign.clone()),
        };
        (database, files)
    }
}

impl PublicArgs {
    /// The public address, without a slash at the end, and the font.
    ///
    /// # Errors
    /// A text that names the option and what is wrong with it.
    pub fn resolve(&self, config: Option<&PathBuf>) -> Result<Public, String> {
        self.merged(&file(config)?)
    }

    fn merged(&self, file: &File) -> Result<Public, String> {
        let url = self.public_url.clone().or_else(|| file.public_url.clone());
        let url = url.map(|url| url.trim_end_matches('/').to_owned());
        match url.as_deref().filter(|url| !is_origin(url)) {
            Some(url) => Err(format!(
                "public-url: {url} is no origin; write scheme://host[:port]"
            )),
            None => Ok((url, self.font.clone().or_else(|| file.font.clone()))),
        }
    }
}

/// The public address and the font.
type Public = (Option<String>, Option<PathBuf>);

impl ServeArgs {
    /// Takes flags, variables and file together.
    ///
    /// # Errors
    /// A text that names the option and what is wrong with it.
    pub fn resolve(&self) -> Result<Config, String> {
        let file = file(self.database.config.as_ref())?;
        let (database, files) = self.database.merged(&file);
        let mut widgets = Widgets::default();
        for (key, origins) in &file.embed {
            for origin in origins {
                widgets.allow(key, origin)?;
            }
        }
        for pair in &self.embed {
            let (key, origin) = pair
                .split_once('=')
                .ok_or_else(|| format!("embed: write KEY=ORIGIN, not {pair}"))?;
            widgets.allow(key, origin)?;
        }
        let (public_url, font) = self.public.merged(&file)?;
        let tls = self.tls.or(file.tls_certificate, file.tls_key)?;
        if let Some(url) = public_url.as_ref().filter(|url| url.starts_with("http:"))
            && tls.is_some()
        {
            return Err(format!(
                "public-url: {url} is not where people reach a server with tls-certificate; \
                 write https://HOST"
            ));
        }
        Ok(Config {
            listen: self
                .listen
                .or(file.listen)
                .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080))),
            database,
            public_url,
            tls,
            font,
            widgets,
            connections: self
                .connections
                .or(file.connections)
                .unwrap_or(10_000)
                .clamp(1, MOST),
            queue: self.queue.or(file.queue).unwrap_or(4096).clamp(1, MOST),
            metrics: self.metrics.or(file.metrics),
            otlp_endpoint: self.otlp_endpoint.clone().or(file.otlp_endpoint),
            files,
        })
    }
}

fn file(path: Option<&PathBuf>) -> Result<File, String> {
    let Some(path) = path else {
        return Ok(File::default());
    };
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    toml::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))
}
