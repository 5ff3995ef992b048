CREATE TYPE binding AS ENUM ('paper', 'cloth');
CREATE TABLE books (
    id bigserial PRIMARY KEY,
    author_id bigint NOT NULL REFERENCES authors (id) ON DELETE CASCADE,
    title varchar(200) NOT NULL,
    binding binding NOT NULL DEFAULT 'paper',
    price numeric(8, 2) CHECK (price >= 0)
);
INSERT INTO authors (name) VALUES ('O''Brien; a name'), ('Ünal');
INSERT INTO books (author_id, title) SELECT id, 'About ' || name FROM authors ORDER BY id;
