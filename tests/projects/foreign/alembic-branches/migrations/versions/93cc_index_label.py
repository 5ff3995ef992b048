"""index label"""

from alembic import op

revision = "93cc"
down_revision = "0b2e"


def upgrade():
    op.create_index("by_label", "jars", ["label"])


def downgrade():
    op.drop_index("by_label", "jars")
