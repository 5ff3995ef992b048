"""Migration: create_customers_and_products

Version: 001
"""

from confiture.models.migration import Migration


class CreateCustomersAndProducts(Migration):
    """Migration: create_customers_and_products."""

    version = "001"
    name = "create_customers_and_products"

    def up(self) -> None:
        """Apply migration."""
        self.execute("CREATE DOMAIN money_cents AS BIGINT CHECK (VALUE >= 0)")
        self.execute("""
            CREATE TABLE customers (
                id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                email TEXT NOT NULL UNIQUE,
                full_name TEXT NOT NULL,
                created_at TIMESTAMPTZ NOT NULL DEFAULT now()
            )
        """)
        self.execute("""
            CREATE TABLE products (
                id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                sku TEXT NOT NULL UNIQUE,
                title TEXT NOT NULL,
                price money_cents NOT NULL
            )
        """)

    def down(self) -> None:
        """Rollback migration."""
        self.execute("DROP TABLE products")
        self.execute("DROP TABLE customers")
        self.execute("DROP DOMAIN money_cents")
