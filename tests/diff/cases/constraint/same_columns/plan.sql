-- judged on PostgreSQL 15, of 4185ef58e9e4379e
-- up
CREATE TABLE session (id INT PRIMARY KEY, sid TEXT);
ALTER TABLE session ADD CONSTRAINT session_sid_key UNIQUE (sid);
ALTER TABLE session ADD CONSTRAINT session_sid_uniq UNIQUE (sid);
ALTER TABLE session ADD CONSTRAINT session_id_uniq UNIQUE (id);
-- down
DROP TABLE session;
