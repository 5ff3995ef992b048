CREATE TABLE users (
    id integer
);
CREATE RULE tell AS ON INSERT TO users DO ALSO NOTIFY users;
