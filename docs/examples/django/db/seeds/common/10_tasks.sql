INSERT INTO tasks (title, due) VALUES
    ('Pick the strawberries', '2026-06-21'),
    ('Boil the jars', NULL);
