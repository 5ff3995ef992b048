CREATE INDEX CONCURRENTLY by_label ON jars (label);
