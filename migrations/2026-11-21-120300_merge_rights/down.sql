-- The numbers are still there; of the one setting that kept its name the number comes back.
UPDATE realms
SET settings = settings || jsonb_build_object('can_access_all_users_group', CASE settings ->> 'can_access_all_users_group' WHEN 'role:members' THEN 1 ELSE 5 END)
WHERE jsonb_typeof(settings -> 'can_access_all_users_group') = 'string';
