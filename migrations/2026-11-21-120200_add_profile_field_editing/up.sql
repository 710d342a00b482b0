-- Whether people fill the field in themselves; else administrators do it for them.
ALTER TABLE custom_profile_fields ADD COLUMN editable_by_user boolean NOT NULL DEFAULT true;
