CREATE TABLE p(a int, b text, c date) PARTITION BY RANGE (a);
