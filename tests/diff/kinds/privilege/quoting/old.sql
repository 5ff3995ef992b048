CREATE SCHEMA "My ""app";
CREATE TABLE "My ""app"."The users" (
    "Name" text
);
