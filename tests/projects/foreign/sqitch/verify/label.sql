-- Verify jam:label
BEGIN;

SELECT 1 / count(*) FROM pg_attribute
WHERE attrelid = 'jars'::regclass AND attname = 'label' AND atttypmod = 44;
INSERT INTO jars (id, label) VALUES (-1, 'of forty characters at the very most');

ROLLBACK;
