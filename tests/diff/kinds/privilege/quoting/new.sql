CREATE SCHEMA "My ""app";
CREATE TABLE "My ""app"."The users" (
    "Name" text
);
GRANT SELECT ON "My ""app"."The users" TO "confiture Admin";
GRANT UPDATE ("Name") ON "My ""app"."The users" TO "confiture Admin";
COMMENT ON COLUMN "My ""app"."The users"."Name" IS E'a\\b''c\nd';
