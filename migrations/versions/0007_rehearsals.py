"""rehearsals of drafts"""

from alembic import op
import sqlalchemy as sa
import bpm.db


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'rehearsal',
        sa.Column('process_key', sa.String(length=120), nullable=False),
        sa.Column('person_id', bpm.db.PrimaryKey, nullable=False),
        sa.Column('drawing', sa.String(length=64), nullable=False),
        sa.Column('began_at', bpm.db.Moment(), nullable=False),
        sa.Column('changed_at', bpm.db.Moment(), nullable=False),
        sa.Column('report', bpm.db.Json, nullable=True),
        sa.Column('public_id', sa.String(length=24), nullable=False),
        sa.Column('id', bpm.db.PrimaryKey, nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_rehearsal_person_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_rehearsal')),
        sa.UniqueConstraint('process_key', 'person_id', name=op.f('uq_rehearsal_process_key_person_id')),
        sa.UniqueConstraint('public_id', name=op.f('uq_rehearsal_public_id')),
    )
    op.create_index(op.f('ix_rehearsal_changed_at'), 'rehearsal', ['changed_at'], unique=False)
    op.create_table(
        'rehearsal_step',
        sa.Column('rehearsal_id', bpm.db.PrimaryKey, nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('words', sa.Text(), nullable=False),
        sa.Column('clock_at', bpm.db.Moment(), nullable=False),
        sa.Column('image', sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ['rehearsal_id'], ['rehearsal.id'], name=op.f('fk_rehearsal_step_rehearsal_id_rehearsal')
        ),
        sa.PrimaryKeyConstraint('rehearsal_id', 'number', name=op.f('pk_rehearsal_step')),
    )


def downgrade():
    op.drop_table('rehearsal_step')
    op.drop_index(op.f('ix_rehearsal_changed_at'), table_name='rehearsal')
    op.drop_table('rehearsal')
