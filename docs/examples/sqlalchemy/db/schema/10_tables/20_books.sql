CREATE TABLE books (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    author_id BIGINT NOT NULL REFERENCES authors (id),
    title TEXT NOT NULL,
    published INTEGER NOT NULL CHECK (published > 1400)
);

CREATE INDEX books_author_id_idx ON books (author_id);
