CREATE TABLE IF NOT EXISTS feeds (
    id bigserial PRIMARY KEY,
    url text NOT NULL UNIQUE
);
