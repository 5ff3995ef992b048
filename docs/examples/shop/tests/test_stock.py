"""What the stock does; every test has a database of its own with the schema and no rows."""

import psycopg
import pytest


@pytest.fixture
def jam(confiture_db):
    """Ten jars of jam and someone to buy them."""
    confiture_db.execute(
        "INSERT INTO customers (email, full_name) VALUES ('ada@example.com', 'Ada Lovelace')"
    )
    confiture_db.execute(
        "INSERT INTO products (sku, title, price, stock) VALUES ('JAM-01', 'Jam', 450, 10)"
    )
    confiture_db.execute("INSERT INTO orders (customer_id) SELECT id FROM customers")
    return confiture_db


def order(database, quantity):
    database.execute(
        "INSERT INTO order_lines (order_id, product_id, quantity, price)"
        " SELECT o.id, p.id, %s, p.price FROM orders o, products p",
        (quantity,),
    )


def stock(database):
    return database.execute("SELECT stock FROM products").fetchone()[0]


def test_an_order_line_takes_its_pieces_from_the_stock(jam):
    order(jam, 4)

    assert stock(jam) == 6


def test_more_than_there_is_cannot_be_ordered(jam):
    with pytest.raises(psycopg.errors.CheckViolation, match="products_stock_not_negative"):
        order(jam, 11)

    assert stock(jam) == 10


def test_a_new_database_has_no_orders(confiture_db):
    assert confiture_db.execute("SELECT count(*) FROM orders").fetchone() == (0,)
