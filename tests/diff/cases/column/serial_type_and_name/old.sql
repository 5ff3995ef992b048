CREATE TABLE t(a serial, b bigserial);
