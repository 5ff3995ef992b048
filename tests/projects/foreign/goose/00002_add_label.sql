-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION label() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN $q$jam;$q$;
END $$;
-- +goose StatementEnd
ALTER TABLE jars ADD COLUMN label text DEFAULT label();

-- +goose Down
ALTER TABLE jars DROP COLUMN label;
DROP FUNCTION label();
