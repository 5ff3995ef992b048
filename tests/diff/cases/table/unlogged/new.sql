CREATE unlogged TABLE t(id int);
