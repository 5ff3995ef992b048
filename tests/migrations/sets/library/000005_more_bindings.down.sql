DROP VIEW dear_books;
