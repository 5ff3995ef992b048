-- pg >= 14
CREATE FUNCTION noop() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE TABLE users (
    id integer
);
CREATE TRIGGER stamp AFTER INSERT OR UPDATE OF id ON users FOR EACH ROW
    WHEN (new.id > 1) EXECUTE FUNCTION noop();
ALTER TABLE users DISABLE TRIGGER stamp;
COMMENT ON TRIGGER stamp ON users IS 'Kept';
