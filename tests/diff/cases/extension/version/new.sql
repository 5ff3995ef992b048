CREATE EXTENSION hstore version '1.8';
