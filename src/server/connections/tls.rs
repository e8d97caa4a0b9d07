//! TLS for clients. The files are read again when they change, so that a certificate is renewed without a
//! restart; where they cannot be used, the former ones serve on.

use std::{path::Path, sync::Arc};

use arc_swap::ArcSwap;
use aws_lc_rs::digest::{Context, SHA256};
use tokio::net::TcpStream;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        RootCertStore, ServerConfig,
        crypto::aws_lc_rs::default_provider,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
        server::WebPkiClientVerifier,
    },
    server::TlsStream,
};

use crate::config::TlsSettings;

/// What a connection begins with.
#[derive(Debug)]
pub struct Tls {
    settings: TlsSettings,
    current: ArcSwap<ServerConfig>,
}

/// The bytes of the files.
struct Files {
    chain: Vec<u8>,
    key: Vec<u8>,
    authorities: Option<Vec<u8>>,
}

impl Tls {
    /// TLS as set; `None` where it is off. The error says which file cannot be used.
    pub fn open(settings: &TlsSettings) -> Result<Option<Arc<Self>>, String> {
        let Some(files) = Files::read(settings)? else {
            return Ok(None);
        };
        Ok(Some(Arc::new(Self {
            current: ArcSwap::from_pointee(files.to_config(settings)?),
            settings: settings.clone(),
        })))
    }

    /// Reads the files again where they have changed, for as long as the process runs.
    pub async fn follow(self: Arc<Self>) {
        let mut seen = self.digest();
        loop {
            tokio::time::sleep(self.settings.reload()).await;
            let digest = self.digest();
            if digest == seen {
                continue;
            }
            match Files::read(&self.settings) {
                Ok(Some(files)) => match files.to_config(&self.settings) {
                    Ok(config) => {
                        self.current.store(Arc::new(config));
                        tracing::info!("the TLS certificate was read again");
                    }
                    Err(error) => warn(&error),
                },
                Ok(None) => {}
                Err(error) => warn(&error),
            }
            // A certificate whose key has not been written yet is read again at the next change.
            seen = digest;
        }
    }

    /// Begins TLS with a client.
    pub(super) async fn accept(&self, stream: TcpStream) -> std::io::Result<TlsStream<TcpStream>> {
        let acceptor = TlsAcceptor::from(self.current.load_full());
        acceptor.accept(stream).await
    }

    /// A digest of the files, where they can be read.
    fn digest(&self) -> Option<Vec<u8>> {
        let files = Files::read(&self.settings).ok()??;
        let mut context = Context::new(&SHA256);
        for bytes in [&files.chain, &files.key]
            .into_iter()
            .chain(&files.authorities)
        {
            context.update(&bytes.len().to_be_bytes());
            context.update(bytes);
        }
        Some(context.finish().as_ref().to_vec())
    }
}

fn warn(error: &str) {
    tracing::warn!(
        error,
        "the TLS files have changed but cannot be used; the former ones serve on"
    );
}

impl Files {
    fn read(settings: &TlsSettings) -> Result<Option<Self>, String> {
        let (Some(chain), Some(key)) = (&settings.cert_file, &settings.key_file) else {
            return Ok(None);
        };
        let read = |key: &str, file: &Path| {
            std::fs::read(file)
                .map_err(|error| format!("`tls.{key}`: `{}`: {error}", file.display()))
        };
        let authorities = settings.client_ca_file.as_deref();
        Ok(Some(Self {
            chain: read("cert_file", chain)?,
            key: read("key_file", key)?,
            authorities: authorities
                .map(|file| read("client_ca_file", file))
                .transpose()?,
        }))
    }

    fn to_config(&self, settings: &TlsSettings) -> Result<ServerConfig, String> {
        let provider = Arc::new(default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| format!("TLS: {error}"))?;
        let builder = match &self.authorities {
            None => builder.with_no_client_auth(),
            Some(pem) => {
                let mut roots = RootCertStore::empty();
                for authority in certificates("client_ca_file", pem)? {
                    roots
                        .add(authority)
                        .map_err(|error| format!("`tls.client_ca_file`: {error}"))?;
                }
                let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider);
                let verifier = if settings.require_client_certificate {
                    verifier
                } else {
                    verifier.allow_unauthenticated()
                };
                let verifier = verifier.build();
                builder.with_client_cert_verifier(
                    verifier.map_err(|error| format!("`tls.client_ca_file`: {error}"))?,
                )
            }
        };
        let key = PrivateKeyDer::from_pem_slice(&self.key)
            .map_err(|error| format!("`tls.key_file`: it holds no private key in PEM: {error}"))?;
        let mut config = builder
            .with_single_cert(certificates("cert_file", &self.chain)?, key)
            .map_err(|error| format!("`tls.cert_file` with `tls.key_file`: {error}"))?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }
}

fn certificates(key: &str, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let all = all.map_err(|error| format!("`tls.{key}`: {error}"))?;
    if all.is_empty() {
        return Err(format!("`tls.{key}`: it holds no certificate in PEM"));
    }
    Ok(all)
}
