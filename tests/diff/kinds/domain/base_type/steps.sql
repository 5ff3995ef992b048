ALTER DOMAIN email RENAME TO email__old;
CREATE DOMAIN email AS character varying(100) COLLATE pg_catalog."C" NOT NULL;
ALTER TABLE users ALTER COLUMN email TYPE public.email USING email::text::public.email;
DROP DOMAIN email__old;
