CREATE TABLE migrations (version text NOT NULL);
INSERT INTO migrations VALUES ('0002_add_label');
