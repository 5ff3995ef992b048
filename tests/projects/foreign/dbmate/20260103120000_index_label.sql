-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY by_label ON jars (label);

-- migrate:down
DROP INDEX by_label;
