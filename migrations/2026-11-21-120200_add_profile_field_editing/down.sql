ALTER TABLE custom_profile_fields DROP COLUMN editable_by_user;
