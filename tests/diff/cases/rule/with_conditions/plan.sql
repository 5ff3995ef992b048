-- judged on PostgreSQL 15, of 7eb59f2e19f24f75
-- up
DROP RULE r1 ON t;
ALTER TABLE t ALTER COLUMN a TYPE bigint;
CREATE RULE r1 AS
    ON UPDATE TO public.t
   WHERE (old.a <> new.a) DO ( INSERT INTO public.log (a)
  VALUES (new.a);
 INSERT INTO public.log (a)
  VALUES (old.a);
);
ALTER TABLE t DISABLE RULE r1;
COMMENT ON RULE r1 ON t IS 'r';
CREATE RULE r2 AS ON DELETE TO t DO INSTEAD UPDATE t SET b = 0 WHERE a = old.a RETURNING *;
-- down
DROP RULE r1 ON t;
DROP RULE r2 ON t;
ALTER TABLE t ALTER COLUMN a TYPE integer;
CREATE RULE r1 AS ON UPDATE TO t WHERE old.a <> new.a DO ALSO INSERT INTO log VALUES (new.a);
