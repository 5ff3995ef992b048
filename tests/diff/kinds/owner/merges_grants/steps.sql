ALTER TABLE users OWNER TO confiture_writer;
REVOKE GRANT OPTION FOR SELECT ON TABLE users FROM confiture_writer;
REVOKE UPDATE (id) ON TABLE users FROM confiture_writer;
