//! Where uploaded files are: a local directory, or an S3-compatible service.

mod connector;

use std::path::Path;
use std::sync::Arc;

use object_store::ObjectStore;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;

use crate::config::Config;
use connector::Connector;

/// Uploaded files by key.
pub type Storage = Arc<dyn ObjectStore>;

/// Opens what `[uploads]` names; makes the local directory if it is not there.
pub fn open(config: &Config) -> anyhow::Result<Storage> {
    let uploads = &config.uploads;
    let Some(bucket) = &uploads.s3_bucket else {
        let directory = Path::new(&config.server.data_dir).join("uploads");
        std::fs::create_dir_all(&directory)?;
        return Ok(Arc::new(LocalFileSystem::new_with_prefix(directory)?));
    };
    let mut s3 = AmazonS3Builder::new()
        .with_http_connector(Connector)
        .with_bucket_name(bucket)
        .with_region(&uploads.s3_region)
        .with_access_key_id(uploads.s3_access_key.expose())
        .with_secret_access_key(uploads.s3_secret_key.expose());
    if let Some(endpoint) = &uploads.s3_endpoint {
        s3 = s3
            .with_endpoint(endpoint)
            .with_allow_http(endpoint.starts_with("http://"));
    }
    Ok(Arc::new(s3.build()?))
}
