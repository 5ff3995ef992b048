GRANT SELECT ON TABLE "My ""app"."The users" TO "confiture Admin";
COMMENT ON COLUMN "My ""app"."The users"."Name" IS E'a\\b''c
d';
GRANT UPDATE ("Name") ON TABLE "My ""app"."The users" TO "confiture Admin";
