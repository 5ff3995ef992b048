CREATE TABLE t(a int, "order" text);
