ALTER SERVER disk VERSION '2' OPTIONS (DROP port, SET host 'b', ADD "x y" 'c');
COMMENT ON SERVER disk IS 'In the cellar';
GRANT USAGE ON FOREIGN SERVER disk TO confiture_reader;
