CREATE TABLE log (id integer);
CREATE TABLE ruled (id integer);
CREATE RULE logged AS ON INSERT TO ruled DO ALSO (INSERT INTO log VALUES (new.id); SELECT 1);
CREATE RULE kept AS ON DELETE TO ruled WHERE old.id > 3 DO INSTEAD NOTHING;
ALTER TABLE ruled DISABLE RULE kept;
COMMENT ON RULE logged ON ruled IS 'logs';
