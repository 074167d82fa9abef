"""drafts of forms and decisions, and notes of their publications"""

from alembic import op
import sqlalchemy as sa
import bpm.db


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('library_draft',
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('name', sa.String(length=300), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('base_number', sa.Integer(), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('editor', sa.String(length=40), server_default='', nullable=False),
    sa.Column('saved_by_id', bpm.db.Reference, nullable=True),
    sa.Column('saved_at', bpm.db.Moment(), nullable=False),
    sa.Column('public_id', sa.String(length=24), nullable=False),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.ForeignKeyConstraint(['saved_by_id'], ['person.id'], name=op.f('fk_library_draft_saved_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_library_draft')),
    sa.UniqueConstraint('kind', 'key', name=op.f('uq_library_draft_kind_key')),
    sa.UniqueConstraint('public_id', name=op.f('uq_library_draft_public_id'))
    )
    for table in ('form', 'decision'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column('note', sa.Text(), server_default='', nullable=False))


def downgrade():
    for table in ('form', 'decision'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column('note')
    op.drop_table('library_draft')
