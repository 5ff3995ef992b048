CREATE SCHEMA accounts;

GRANT USAGE ON SCHEMA accounts TO tenants_app;
