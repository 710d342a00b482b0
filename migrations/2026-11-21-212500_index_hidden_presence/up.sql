-- Registrations list them; everybody else says nothing.
CREATE INDEX users_presence_hidden ON users (realm_id)
    WHERE is_active AND coalesce(settings ->> 'presence_enabled', 'true') = 'false';
