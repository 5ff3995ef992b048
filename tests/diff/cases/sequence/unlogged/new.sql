-- pg >= 15
CREATE unlogged SEQUENCE s;
CREATE TABLE t(a serial);
