"""What the view says about the seeds of db/seeds/common and db/seeds/test."""


def test_the_total_is_quantity_times_price(seeded_db):
    row = seeded_db.execute("SELECT status, total FROM order_totals").fetchone()

    assert row == ("paid", 2 * 450 + 2 * 520)


def test_an_old_order_keeps_its_price(seeded_db):
    seeded_db.execute("UPDATE products SET price = price * 2")

    assert seeded_db.execute("SELECT total FROM order_totals").fetchone() == (1940,)


def test_a_second_connection_sees_only_what_is_committed(seeded_db):
    with seeded_db.connect() as connection:
        connection.execute("DELETE FROM order_lines")

        assert seeded_db.execute("SELECT count(*) FROM order_lines").fetchone() == (2,)


def test_the_seeds_are_whole_in_every_test(seeded_db):
    assert seeded_db.execute("SELECT count(*) FROM order_lines").fetchone() == (2,)
