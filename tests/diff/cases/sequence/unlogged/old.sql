CREATE SEQUENCE s;
CREATE unlogged TABLE t(a serial);
