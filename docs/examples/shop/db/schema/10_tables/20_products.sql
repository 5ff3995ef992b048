-- What is sold. `stock` is kept by the trigger take_from_stock.
CREATE TABLE products (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sku TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    price money_cents NOT NULL,
    stock INTEGER NOT NULL DEFAULT 0 CONSTRAINT products_stock_not_negative CHECK (stock >= 0)
);

COMMENT ON COLUMN products.stock IS 'pieces that can still be sold';
