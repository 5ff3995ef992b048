CREATE SCHEMA sqitch;
CREATE TABLE sqitch.changes (
    change_id text PRIMARY KEY,
    script_hash text,
    change text NOT NULL,
    project text NOT NULL,
    note text NOT NULL DEFAULT '',
    committed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    committer_name text NOT NULL,
    committer_email text NOT NULL,
    planned_at timestamptz NOT NULL,
    planner_name text NOT NULL,
    planner_email text NOT NULL
);
INSERT INTO sqitch.changes VALUES
    ('a', 'x', 'create/jars', 'jam', '', now(), 'A', 'a@b.c', now(), 'A', 'a@b.c'),
    ('b', 'y', 'label', 'jam', '', now() + interval '1 s', 'A', 'a@b.c', now(), 'A', 'a@b.c');
