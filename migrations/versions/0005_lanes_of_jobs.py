"""lanes of jobs, and at most one running job of each instance"""

from alembic import op
import sqlalchemy as sa
import bpm.db


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.add_column(sa.Column('lane', bpm.db.Reference, server_default='0', nullable=False))
        batch_op.add_column(sa.Column('running', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_index(
            'ix_job_lane', ['priority', 'lane', 'due_at'], unique=False,
            sqlite_where=sa.text('dead = 0'), postgresql_where=sa.text('NOT dead'),
        )
        batch_op.create_index(
            'ix_job_running', ['instance_id'], unique=True,
            sqlite_where=sa.text('running = 1'), postgresql_where=sa.text('running'),
        )


def downgrade():
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.drop_index('ix_job_running')
        batch_op.drop_index('ix_job_lane')
        batch_op.drop_column('running')
        batch_op.drop_column('lane')
