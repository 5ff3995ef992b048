CREATE TABLE zz(i int);
