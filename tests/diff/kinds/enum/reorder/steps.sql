ALTER TABLE people ALTER COLUMN now DROP DEFAULT;
ALTER TYPE mood RENAME TO mood__old;
CREATE TYPE mood AS ENUM (
    'sad',
    'ok'
);
ALTER TABLE people ALTER COLUMN now TYPE public.mood USING now::text::public.mood;
ALTER TABLE people ALTER COLUMN before TYPE public.mood[] USING before::text[]::public.mood[];
DROP TYPE mood__old;
ALTER TABLE people ALTER COLUMN now SET DEFAULT 'ok'::public.mood;
