"""merge"""

from alembic import op

revision = "m1aa"
down_revision = ("93cc", "b1ff")


def upgrade():
    op.execute("COMMENT ON TABLE jars IS 'with label and price'")


def downgrade():
    op.execute("COMMENT ON TABLE jars IS NULL")
