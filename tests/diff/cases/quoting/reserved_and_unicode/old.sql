CREATE TABLE "select"("from" int, "Größe" text, "a""b" int);
