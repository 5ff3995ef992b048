ALTER OPERATOR === (integer, text) SET (RESTRICT = NONE, JOIN = eqjoinsel);
COMMENT ON OPERATOR === (integer, text) IS 'More or less';
