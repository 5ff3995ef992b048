ALTER PUBLICATION news SET (publish_via_partition_root = true);
ALTER PUBLICATION news SET TABLE days WHERE ((day > '2026-01-01'::date)), TABLES IN SCHEMA app;
