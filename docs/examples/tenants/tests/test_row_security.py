"""What the application's role sees and may do, as a tenant and as nobody."""

import psycopg
import pytest


@pytest.fixture
def tenants(confiture_db):
    """Two tenants with an invoice each, made by the owner, whom row security does not hold."""
    confiture_db.execute("INSERT INTO accounts.tenants (name) VALUES ('ada'), ('grace')")
    confiture_db.execute(
        "INSERT INTO billing.invoices (tenant_id, cents) SELECT id, id * 100 FROM accounts.tenants"
    )
    return confiture_db


@pytest.fixture
def as_tenant(tenants):
    def connect(tenant):
        return tenants.connect(role="tenants_app", options=f"-c app.tenant={tenant}")

    return connect


def test_a_tenant_sees_its_own_invoices(as_tenant):
    with as_tenant(1) as connection:
        assert connection.execute("SELECT cents FROM billing.invoices").fetchall() == [(100,)]


def test_nobody_sees_nothing(as_tenant):
    with as_tenant("") as connection:
        assert connection.execute("SELECT count(*) FROM billing.invoices").fetchone() == (0,)


def test_a_new_invoice_belongs_to_who_writes_it(as_tenant, tenants):
    with as_tenant(2) as connection:
        connection.execute("INSERT INTO billing.invoices (cents) VALUES (700)")

    owner = tenants.execute("SELECT tenant_id FROM billing.invoices WHERE cents = 700").fetchone()
    assert owner == (2,)


def test_an_invoice_in_the_name_of_another_is_refused(as_tenant):
    with as_tenant(2) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("INSERT INTO billing.invoices (tenant_id, cents) VALUES (1, 700)")


def test_invoices_are_not_deleted(as_tenant):
    with as_tenant(1) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("DELETE FROM billing.invoices")
