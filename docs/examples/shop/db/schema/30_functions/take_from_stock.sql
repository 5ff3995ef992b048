-- A new order line takes its pieces from the stock; the CHECK on products refuses the last straw.
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
