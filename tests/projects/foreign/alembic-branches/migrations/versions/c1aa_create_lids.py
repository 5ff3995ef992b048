"""create lids, on a line of its own"""

import sqlalchemy as sa
from alembic import op

revision = "c1aa"
down_revision = None
depends_on = "money"


def upgrade():
    op.create_table("lids", sa.Column("price", sa.Integer))


def downgrade():
    op.drop_table("lids")
