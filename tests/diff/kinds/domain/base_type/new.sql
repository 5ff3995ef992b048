CREATE DOMAIN email AS varchar(100) COLLATE "C" NOT NULL;
CREATE TABLE users (
    email email
);
