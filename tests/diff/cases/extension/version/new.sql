-- pg >= 14
CREATE EXTENSION hstore version '1.8';
