INSERT INTO jam (fruit) VALUES ('plum'), ('fig');
