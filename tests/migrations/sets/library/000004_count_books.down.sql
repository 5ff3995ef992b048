DROP TRIGGER books_count ON books;
DROP FUNCTION count_books();
ALTER TABLE authors DROP COLUMN book_count;
