CREATE TABLE parts (id int NOT NULL, day date NOT NULL, note text) PARTITION BY LIST (id);
CREATE TABLE first PARTITION OF parts FOR VALUES IN (1);
CREATE TABLE a_second (id int NOT NULL, day date NOT NULL, note text);
CREATE TABLE third PARTITION OF parts FOR VALUES IN (3);
