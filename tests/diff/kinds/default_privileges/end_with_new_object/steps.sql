CREATE TABLE users (
    id integer
);
REVOKE SELECT ON TABLE users FROM confiture_reader;
ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM confiture_reader;
