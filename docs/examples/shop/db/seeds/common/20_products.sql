INSERT INTO products (sku, title, price, stock) VALUES
    ('JAM-01', 'Strawberry jam', 450, 10),
    ('JAM-02', 'Quince jelly', 520, 3);
