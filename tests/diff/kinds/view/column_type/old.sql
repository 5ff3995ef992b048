CREATE VIEW first AS SELECT 1 AS a;
CREATE VIEW second AS SELECT a FROM first;
COMMENT ON COLUMN second.a IS 'A number';
GRANT SELECT ON second TO confiture_reader;
