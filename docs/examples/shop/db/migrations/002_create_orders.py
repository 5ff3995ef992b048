"""Migration: create_orders

Version: 002
"""

from confiture.models.migration import Migration


class CreateOrders(Migration):
    """Migration: create_orders."""

    version = "002"
    name = "create_orders"

    def up(self) -> None:
        """Apply migration."""
        self.execute("CREATE TYPE order_status AS ENUM ('open', 'paid', 'shipped', 'cancelled')")
        self.execute("""
            CREATE TABLE orders (
                id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                customer_id BIGINT NOT NULL REFERENCES customers (id),
                status order_status NOT NULL DEFAULT 'open',
                placed_at TIMESTAMPTZ NOT NULL DEFAULT now()
            )
        """)
        self.execute("CREATE INDEX orders_customer_id_idx ON orders (customer_id)")
        self.execute("CREATE INDEX orders_open_idx ON orders (placed_at) WHERE status = 'open'")
        self.execute("""
            CREATE TABLE order_lines (
                order_id BIGINT NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
                product_id BIGINT NOT NULL REFERENCES products (id),
                quantity INTEGER NOT NULL CHECK (quantity > 0),
                price money_cents NOT NULL,
                PRIMARY KEY (order_id, product_id)
            )
        """)

    def down(self) -> None:
        """Rollback migration."""
        self.execute("DROP TABLE order_lines")
        self.execute("DROP TABLE orders")
        self.execute("DROP TYPE order_status")
