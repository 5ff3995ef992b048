-- +goose Up
CREATE TABLE jars (id int PRIMARY KEY);

-- +goose Down
DROP TABLE jars;
