CREATE TABLE "My Table"("Col A" int, "select" text);
