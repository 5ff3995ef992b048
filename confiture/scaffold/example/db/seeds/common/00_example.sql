-- Rows that every database but production's begins with.
INSERT INTO example (title) VALUES
    ('strawberry'),
    ('apricot');
