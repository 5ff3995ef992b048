CREATE FOREIGN DATA WRAPPER files;
CREATE SERVER disk VERSION '2' FOREIGN DATA WRAPPER files OPTIONS (host 'b', "x y" 'c');
COMMENT ON SERVER disk IS 'In the cellar';
GRANT USAGE ON FOREIGN SERVER disk TO confiture_reader;
CREATE FOREIGN TABLE rows (
    id integer
) SERVER disk;
