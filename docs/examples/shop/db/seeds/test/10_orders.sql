INSERT INTO orders (customer_id, status, placed_at)
SELECT id, 'paid', '2026-01-31 12:00+00' FROM customers WHERE email = 'ada@example.com';

INSERT INTO order_lines (order_id, product_id, quantity, price)
SELECT o.id, p.id, 2, p.price FROM orders o, products p;
