CREATE TABLE users (
    id integer
);
CREATE SEQUENCE numbers;
