DROP TABLE books;
DROP TYPE binding;
