ALTER TYPE mood OWNER TO confiture_writer;
ALTER DOMAIN email OWNER TO confiture_writer;
ALTER TABLE users OWNER TO confiture_writer;
ALTER PROCEDURE work() OWNER TO confiture_writer;
ALTER VIEW ids OWNER TO confiture_writer;
