CREATE TABLE billing.invoices (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id BIGINT NOT NULL DEFAULT accounts.current_tenant()
        REFERENCES accounts.tenants (id),
    cents BIGINT NOT NULL CHECK (cents > 0)
);

CREATE INDEX invoices_tenant_id_idx ON billing.invoices (tenant_id);

ALTER TABLE billing.invoices ENABLE ROW LEVEL SECURITY;

CREATE POLICY own_invoices ON billing.invoices TO tenants_app
    USING (tenant_id = accounts.current_tenant());

GRANT SELECT, INSERT ON billing.invoices TO tenants_app;
