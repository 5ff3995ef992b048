CREATE TABLE t(a time(3) WITH time zone, b timestamp(0), c interval day TO second(2), d bit varying(5), e "char", f numeric(10, 2), g character(5));
CREATE TABLE "public"."k k"(a int);
