CREATE TABLE accounts.tenants (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
);

-- Whose rows a session sees: SET app.tenant = '1'. Without it, nobody's.
CREATE FUNCTION accounts.current_tenant() RETURNS BIGINT
LANGUAGE sql STABLE
RETURN nullif(current_setting('app.tenant', true), '')::bigint;

ALTER TABLE accounts.tenants ENABLE ROW LEVEL SECURITY;

CREATE POLICY own_tenant ON accounts.tenants TO tenants_app
    USING (id = accounts.current_tenant());

GRANT SELECT ON accounts.tenants TO tenants_app;
