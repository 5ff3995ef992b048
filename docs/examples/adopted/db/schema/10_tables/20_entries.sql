CREATE TABLE entries (
    id bigserial PRIMARY KEY,
    feed_id bigint NOT NULL REFERENCES feeds (id) ON DELETE CASCADE,
    title text NOT NULL,
    published_at timestamptz,
    is_read boolean NOT NULL DEFAULT false
);

CREATE INDEX entries_feed_id_idx ON entries (feed_id);
