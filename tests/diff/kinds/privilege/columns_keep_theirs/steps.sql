REVOKE SELECT ON TABLE users FROM confiture_reader;
REVOKE GRANT OPTION FOR UPDATE ON TABLE users FROM confiture_reader;
GRANT SELECT (id) ON TABLE users TO confiture_reader;
GRANT UPDATE (name) ON TABLE users TO confiture_reader WITH GRANT OPTION;
REVOKE GRANT OPTION FOR SELECT (id) ON TABLE users FROM confiture_reader;
