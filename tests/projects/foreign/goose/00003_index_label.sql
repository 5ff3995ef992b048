-- +goose NO TRANSACTION
-- +goose Up
CREATE INDEX CONCURRENTLY by_label ON jars (label);

-- +goose Down
DROP INDEX by_label;
