-- migrate:up
CREATE TABLE jars (id int PRIMARY KEY);

-- migrate:down
DROP TABLE jars;
