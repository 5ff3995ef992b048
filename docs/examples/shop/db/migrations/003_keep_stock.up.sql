ALTER TABLE products
    ADD COLUMN stock INTEGER NOT NULL DEFAULT 0
    CONSTRAINT products_stock_not_negative CHECK (stock >= 0);

COMMENT ON COLUMN products.stock IS 'pieces that can still be sold';

CREATE FUNCTION take_from_stock() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE products SET stock = stock - NEW.quantity WHERE id = NEW.product_id;
    RETURN NEW;
END;
$$;

CREATE TRIGGER take_from_stock
AFTER INSERT ON order_lines
FOR EACH ROW EXECUTE FUNCTION take_from_stock();
