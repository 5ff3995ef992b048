-- The price is kept with the line: a later change of the product's price changes no old order.
CREATE TABLE order_lines (
    order_id BIGINT NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    product_id BIGINT NOT NULL REFERENCES products (id),
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    price money_cents NOT NULL,
    PRIMARY KEY (order_id, product_id)
);
