CREATE EXTENSION hstore;
GRANT USAGE ON TYPE hstore TO confiture_reader;
