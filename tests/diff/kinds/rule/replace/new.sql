CREATE TABLE users (
    id integer
);
CREATE RULE tell AS ON INSERT TO users DO ALSO NOTIFY people;
ALTER TABLE users DISABLE RULE tell;
