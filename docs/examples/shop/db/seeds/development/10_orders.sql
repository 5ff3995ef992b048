INSERT INTO orders (customer_id, placed_at)
SELECT c.id, now() - n * interval '1 day'
FROM customers c, generate_series(1, 5) AS n;
