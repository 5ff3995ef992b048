UPDATE books SET binding = 'leather', price = 120.50 WHERE title LIKE 'About %nal';
GRANT SELECT ON dear_books TO PUBLIC;
