BEGIN;

CREATE TABLE IF NOT EXISTS entries (
    id bigserial PRIMARY KEY,
    feed_id bigint NOT NULL REFERENCES feeds (id) ON DELETE CASCADE,
    title text NOT NULL,
    published_at timestamptz
);

CREATE INDEX IF NOT EXISTS entries_feed_id_idx ON entries (feed_id);

COMMIT;
