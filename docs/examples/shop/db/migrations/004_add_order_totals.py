"""Migration: add_order_totals

Version: 004
"""

from confiture.models.migration import Migration


class AddOrderTotals(Migration):
    """Migration: add_order_totals."""

    version = "004"
    name = "add_order_totals"

    def up(self) -> None:
        """Apply migration."""
        self.execute("""
            CREATE VIEW order_totals AS
            SELECT
                o.id AS order_id,
                o.customer_id,
                o.status,
                coalesce(sum(l.quantity * l.price), 0) AS total
            FROM orders o
            LEFT JOIN order_lines l ON l.order_id = o.id
            GROUP BY o.id
        """)

    def down(self) -> None:
        """Rollback migration."""
        self.execute("DROP VIEW order_totals")
