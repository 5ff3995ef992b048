COMMENT ON COLUMN address.town IS 'Or village';
