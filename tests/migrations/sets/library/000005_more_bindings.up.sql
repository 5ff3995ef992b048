-- A new value may be used only once it is committed.
ALTER TYPE binding ADD VALUE IF NOT EXISTS 'leather';
SET search_path = public;
CREATE VIEW dear_books AS SELECT id, title FROM books WHERE price > 100;
