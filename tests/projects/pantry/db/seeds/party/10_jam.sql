INSERT INTO jam (fruit) SELECT 'quince' FROM generate_series(1, 10);
