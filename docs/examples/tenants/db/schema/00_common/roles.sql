-- Roles belong to the server, not to the database: this makes it where tests have a server of their
-- own. In production it is made, with its password, where the server is set up.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tenants_app') THEN
        CREATE ROLE tenants_app NOLOGIN;
    END IF;
END
$$;
