-- pg >= 13
CREATE EXTENSION pg_stat_statements VERSION '1.8';
