CREATE TABLE events (
    id bigint NOT NULL,
    at date NOT NULL DEFAULT current_date,
    kind text CONSTRAINT events_kind_check CHECK (kind <> ''),
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE INDEX events_kind ON events (kind);
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE events_2025 PARTITION OF events (kind DEFAULT 'later', CONSTRAINT own CHECK (id > 0))
    FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY RANGE (at);
CREATE TABLE events_2025_rest PARTITION OF events_2025 DEFAULT;
CREATE TABLE events_2026 (
    id bigint NOT NULL,
    at date NOT NULL,
    kind text CHECK (kind <> ''),
    CONSTRAINT events_kind_check CHECK (kind <> ''),
    CONSTRAINT pk_2026 PRIMARY KEY (id, at)
);
CREATE TABLE base (id int, note text DEFAULT '', CONSTRAINT note_given CHECK (note <> 'x'));
CREATE TABLE heir (more int) INHERITS (base);
CREATE TYPE pair AS (a int, b text);
CREATE TABLE pairs OF pair (a WITH OPTIONS PRIMARY KEY);
CREATE INDEX events_at ON events (at);
ALTER TABLE base ADD CONSTRAINT id_positive CHECK (id > 0);
