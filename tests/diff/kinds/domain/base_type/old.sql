CREATE DOMAIN email AS text;
CREATE TABLE users (
    email email
);
