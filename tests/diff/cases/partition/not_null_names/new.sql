-- pg >= 18
-- A partition has the names of NOT NULL that it was made with: its parent's, or its own.
CREATE TABLE parts (id int NOT NULL, day date NOT NULL, note text NOT NULL) PARTITION BY LIST (id);
CREATE TABLE first (id int NOT NULL, day date NOT NULL, note text);
CREATE TABLE a_second PARTITION OF parts FOR VALUES IN (2);
CREATE TABLE third (id int NOT NULL, day date NOT NULL, note text NOT NULL);
ALTER TABLE parts ATTACH PARTITION third FOR VALUES IN (3);
CREATE TABLE a_fourth (id int NOT NULL, day date NOT NULL, note text NOT NULL);
ALTER TABLE parts ATTACH PARTITION a_fourth FOR VALUES IN (4);
