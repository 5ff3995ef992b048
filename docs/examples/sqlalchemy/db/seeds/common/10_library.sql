INSERT INTO authors (name) VALUES ('Mary Shelley');

INSERT INTO books (author_id, title, published)
SELECT id, 'Frankenstein', 1818 FROM authors WHERE name = 'Mary Shelley';
