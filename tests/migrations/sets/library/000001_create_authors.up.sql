BEGIN;

CREATE TABLE IF NOT EXISTS authors (
    id bigserial PRIMARY KEY,
    name text NOT NULL
);
COMMENT ON TABLE authors IS 'who wrote it; "pen names" count';

COMMIT;
