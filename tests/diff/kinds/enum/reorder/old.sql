CREATE TYPE mood AS ENUM ('happy', 'sad', 'ok');
CREATE TABLE people (
    now mood DEFAULT 'ok',
    before mood[]
);
