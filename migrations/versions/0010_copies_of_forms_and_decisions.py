"""copies of forms and decisions that lost a race"""

import sqlalchemy as sa
from alembic import op

import bpm.db

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('library_copy',
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('name', sa.String(length=300), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('base_number', sa.Integer(), nullable=True),
    sa.Column('editor', sa.String(length=40), server_default='', nullable=False),
    sa.Column('saved_by_id', bpm.db.Reference, nullable=True),
    sa.Column('saved_at', bpm.db.Moment(), nullable=False),
    sa.Column('public_id', sa.String(length=24), nullable=False),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.ForeignKeyConstraint(['saved_by_id'], ['person.id'], name=op.f('fk_library_copy_saved_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_library_copy')),
    sa.UniqueConstraint('public_id', name=op.f('uq_library_copy_public_id'))
    )
    op.create_index('ix_library_copy_kind_key', 'library_copy', ['kind', 'key'], unique=False)


def downgrade():
    op.drop_table('library_copy')
