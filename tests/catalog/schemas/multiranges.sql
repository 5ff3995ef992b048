-- pg >= 14
CREATE SCHEMA app;
CREATE TYPE span AS RANGE (SUBTYPE = date, MULTIRANGE_TYPE_NAME = app.spans);
CREATE TYPE time_range AS RANGE (SUBTYPE = time);
CREATE TABLE spanned (s span, ss app.spans, t time_multirange);
