CREATE SCHEMA billing;

GRANT USAGE ON SCHEMA billing TO tenants_app;
