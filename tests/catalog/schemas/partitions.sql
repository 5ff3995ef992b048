CREATE TABLE plain_parents (id integer PRIMARY KEY);
CREATE TABLE events (id bigint NOT NULL, at date NOT NULL, kind text DEFAULT 'a',
    PRIMARY KEY (id, at), CHECK (id > 0)) PARTITION BY RANGE (at);
CREATE INDEX events_kind ON events (kind);
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE events_2025 PARTITION OF events (kind DEFAULT 'b')
    FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY RANGE (at);
CREATE TABLE events_2025_a PARTITION OF events_2025 FOR VALUES FROM ('2025-01-01') TO ('2025-07-01');
CREATE TABLE events_rest PARTITION OF events DEFAULT;
CREATE INDEX events_2024_local ON events_2024 (kind, id);
CREATE TABLE notes (event_id bigint, event_at date,
    FOREIGN KEY (event_id, event_at) REFERENCES events ON DELETE CASCADE);
CREATE TABLE parts (id integer, of_id integer REFERENCES plain_parents (id)) PARTITION BY HASH (id);
CREATE TABLE parts_0 PARTITION OF parts FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN new; END$$;
CREATE TRIGGER touch AFTER UPDATE ON parts FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TABLE attached (extra integer, id integer, of_id integer);
ALTER TABLE attached DROP COLUMN extra;
ALTER TABLE parts ATTACH PARTITION attached FOR VALUES WITH (MODULUS 2, REMAINDER 1);
ALTER TABLE parts_0 DISABLE TRIGGER touch;
