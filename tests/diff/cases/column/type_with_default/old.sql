CREATE TABLE t(a text DEFAULT '2020-01-01', b int DEFAULT 5, c varchar(3) DEFAULT 'abc', d jsonb DEFAULT '{}', e boolean DEFAULT TRUE);
