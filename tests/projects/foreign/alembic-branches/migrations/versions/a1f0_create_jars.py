"""create jars"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0"
down_revision = None


def upgrade():
    op.create_table("jars", sa.Column("id", sa.Integer, primary_key=True))


def downgrade():
    op.drop_table("jars")
