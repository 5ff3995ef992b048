CREATE TABLE t(id serial PRIMARY KEY, name varchar(50) NOT NULL, age int CHECK (age > 0), email text UNIQUE, bio text DEFAULT 'none');
