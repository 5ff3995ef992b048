"""Migration: initial_schema

Version: 001
"""

from confiture.models.migration import Migration


class InitialSchema(Migration):
    """Migration: initial_schema."""

    version = "001"
    name = "initial_schema"

    def up(self) -> None:
        """Apply migration."""
        # Written by hand: roles are the server's, and no difference between two databases.
        self.execute("""
            DO $$
            BEGIN
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tenants_app') THEN
                    CREATE ROLE tenants_app NOLOGIN;
                END IF;
            END
            $$
        """)
        self.execute("CREATE SCHEMA accounts")
        self.execute("GRANT USAGE ON SCHEMA accounts TO tenants_app")
        self.execute("CREATE SCHEMA billing")
        self.execute("GRANT USAGE ON SCHEMA billing TO tenants_app")
        self.execute("""
            CREATE TABLE accounts.tenants (
                id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                name TEXT NOT NULL UNIQUE
            )
        """)
        self.execute("ALTER TABLE accounts.tenants ENABLE ROW LEVEL SECURITY")
        self.execute("GRANT SELECT ON TABLE accounts.tenants TO tenants_app")
        self.execute("""
            CREATE FUNCTION accounts.current_tenant() RETURNS BIGINT
            LANGUAGE sql STABLE
            RETURN nullif(current_setting('app.tenant', true), '')::bigint
        """)
        self.execute("""
            CREATE TABLE billing.invoices (
                id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                tenant_id BIGINT NOT NULL DEFAULT accounts.current_tenant()
                    REFERENCES accounts.tenants (id),
                cents BIGINT NOT NULL CHECK (cents > 0)
            )
        """)
        self.execute("ALTER TABLE billing.invoices ENABLE ROW LEVEL SECURITY")
        self.execute("GRANT SELECT, INSERT ON TABLE billing.invoices TO tenants_app")
        self.execute("CREATE INDEX invoices_tenant_id_idx ON billing.invoices (tenant_id)")
        self.execute("""
            CREATE POLICY own_tenant ON accounts.tenants TO tenants_app
                USING (id = accounts.current_tenant())
        """)
        self.execute("""
            CREATE POLICY own_invoices ON billing.invoices TO tenants_app
                USING (tenant_id = accounts.current_tenant())
        """)

    def down(self) -> None:
        """Rollback migration."""
        self.execute("DROP TABLE billing.invoices")
        self.execute("DROP TABLE accounts.tenants")
        self.execute("DROP FUNCTION accounts.current_tenant()")
        self.execute("DROP SCHEMA accounts")
        self.execute("DROP SCHEMA billing")
