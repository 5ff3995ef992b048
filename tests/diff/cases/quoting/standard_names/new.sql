-- pg >= 15
CREATE TABLE "public"."k k"(a int);
CREATE TABLE t(a time(4) WITH time zone DEFAULT CURRENT_TIME(4), b timestamp(2) DEFAULT LOCALTIMESTAMP, c interval DEFAULT '1 day', d bit(5), e "char" DEFAULT 'x', f numeric(12, -2), g bpchar, h double precision DEFAULT 'NaN', i money, j xml, k "public"."k k"[]);
