-- pg >= 18
-- A column that holds what was computed from one that is gone.
CREATE TABLE t (b int, c text COLLATE "C");
