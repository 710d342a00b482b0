-- What administrators had written into an archive, and what became of it.
CREATE TABLE realm_exports (
    id serial PRIMARY KEY,
    realm_id integer NOT NULL REFERENCES realms (id) ON DELETE CASCADE,
    acting_user_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- 1 public, 2 full of those who consented.
    export_type smallint NOT NULL,
    requested_at timestamptz NOT NULL,
    completed_at timestamptz,
    failed_at timestamptz,
    deleted_at timestamptz,
    -- Where the archive is in the storage of files.
    key text NOT NULL,
    -- Of the archive, in bytes.
    size bigint,
    CONSTRAINT realm_exports_export_type_check CHECK (export_type IN (1, 2))
);
CREATE INDEX realm_exports_realm_id_idx ON realm_exports (realm_id, id);
-- One at a time.
CREATE UNIQUE INDEX realm_exports_pending_key ON realm_exports (realm_id)
    WHERE completed_at IS NULL AND failed_at IS NULL;
