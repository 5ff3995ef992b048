CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE people (
    now mood DEFAULT 'ok',
    before mood[]
);
