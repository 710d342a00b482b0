use serde::Deserialize;

use super::{ConfigError, Environment, Secret};

/// Uploaded files: `[uploads]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UploadsConfig {
    /// The bucket of an S3-compatible service that holds the files; without one they are in `uploads` below
    /// `server.data_dir`. `NARROWS_S3_BUCKET`.
    pub s3_bucket: Option<String>,
    /// The service's URL; none: that of AWS in the region. `NARROWS_S3_ENDPOINT`.
    pub s3_endpoint: Option<String>,
    /// The region. `NARROWS_S3_REGION`.
    pub s3_region: String,
    /// The public half of the credentials. `NARROWS_S3_ACCESS_KEY`.
    pub s3_access_key: Secret,
    /// The other half. `NARROWS_S3_SECRET_KEY`.
    pub s3_secret_key: Secret,
    /// The largest file, in MiB. `NARROWS_MAX_FILE_UPLOAD_MIB`.
    pub max_file_mib: u64,
    /// What all files of an organisation may take, in MiB; 0: no limit. `NARROWS_REALM_UPLOAD_QUOTA_MIB`.
    pub realm_quota_mib: u64,
}

impl Default for UploadsConfig {
    fn default() -> Self {
        Self {
            s3_bucket: None,
            s3_endpoint: None,
            s3_region: "us-east-1".into(),
            s3_access_key: Secret::default(),
            s3_secret_key: Secret::default(),
            max_file_mib: 25,
            realm_quota_mib: 0,
        }
    }
}

impl UploadsConfig {
    pub(super) fn overlay(&mut self, environment: &Environment<'_>) -> Result<(), ConfigError> {
        environment.optional("NARROWS_S3_BUCKET", &mut self.s3_bucket);
        environment.optional("NARROWS_S3_ENDPOINT", &mut self.s3_endpoint);
        environment.text("NARROWS_S3_REGION", &mut self.s3_region);
        environment.secret("NARROWS_S3_ACCESS_KEY", &mut self.s3_access_key);
        environment.secret("NARROWS_S3_SECRET_KEY", &mut self.s3_secret_key);
        environment.number("NARROWS_MAX_FILE_UPLOAD_MIB", &mut self.max_file_mib)?;
        environment.number("NARROWS_REALM_UPLOAD_QUOTA_MIB", &mut self.realm_quota_mib)
    }

    /// The quota of an organisation, if there is one.
    pub fn realm_quota_mib(&self) -> Option<u64> {
        Some(self.realm_quota_mib).filter(|quota| *quota > 0)
    }
}
