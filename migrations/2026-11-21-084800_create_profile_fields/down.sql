DROP TABLE custom_profile_values;
DROP TABLE custom_profile_fields;
DROP TABLE realm_user_defaults;
