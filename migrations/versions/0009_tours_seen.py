"""which tours of the program a person has seen"""

from alembic import op
import sqlalchemy as sa
import bpm.db


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.add_column(sa.Column('tours_seen', bpm.db.Json, nullable=True))


def downgrade():
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_column('tours_seen')
