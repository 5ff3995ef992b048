CREATE TABLE p(a timestamptz, b text) PARTITION BY RANGE (date_trunc('day', a at time zone 'UTC'));
CREATE TABLE q PARTITION OF p FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
