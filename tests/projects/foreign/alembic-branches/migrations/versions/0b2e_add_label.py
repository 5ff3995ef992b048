"""add label"""

import sqlalchemy as sa
from alembic import op

revision: str = "0b2e"
down_revision: str | None = "a1f0"


def upgrade():
    op.add_column("jars", sa.Column("label", sa.Text))


def downgrade():
    op.drop_column("jars", "label")
