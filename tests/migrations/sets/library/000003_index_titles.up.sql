CREATE INDEX CONCURRENTLY IF NOT EXISTS books_title_idx ON books (lower(title));
