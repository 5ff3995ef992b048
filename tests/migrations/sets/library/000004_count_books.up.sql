ALTER TABLE authors ADD COLUMN book_count int NOT NULL DEFAULT 0;

CREATE FUNCTION count_books() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    -- A semicolon; and a 'quote' in a comment.
    UPDATE authors SET book_count = book_count + 1 WHERE id = NEW.author_id;
    RETURN NEW;
END;
$body$;

CREATE TRIGGER books_count AFTER INSERT ON books FOR EACH ROW EXECUTE FUNCTION count_books();

DO $$
BEGIN
    UPDATE authors SET book_count = (SELECT count(*) FROM books WHERE author_id = authors.id);
END
$$;
