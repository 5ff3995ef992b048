"""add price"""

import sqlalchemy as sa
from alembic import op

revision = "b1ff"
down_revision = "a1f0"
branch_labels = ("money",)


def upgrade():
    op.add_column("jars", sa.Column("price", sa.Integer))


def downgrade():
    op.drop_column("jars", "price")
