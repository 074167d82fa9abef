"""copies of drafts that lost a race, reviews by a second person, comments on elements"""

import sqlalchemy as sa
from alembic import op

import bpm.db

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('process', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reviewer_id', bpm.db.PrimaryKey, nullable=True))
        batch_op.add_column(sa.Column('review_group_id', bpm.db.PrimaryKey, nullable=True))
        batch_op.create_foreign_key(op.f('fk_process_reviewer_id'), 'person', ['reviewer_id'], ['id'])
        batch_op.create_foreign_key(op.f('fk_process_review_group_id'), 'person_group', ['review_group_id'], ['id'])
    with op.batch_alter_table('process_version', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reviewed_by_id', bpm.db.PrimaryKey, nullable=True))
        batch_op.create_foreign_key(op.f('fk_process_version_reviewed_by_id'), 'person', ['reviewed_by_id'], ['id'])
    op.create_table('draft_copy',
    sa.Column('process_key', sa.String(length=120), nullable=False),
    sa.Column('name', sa.String(length=300), nullable=False),
    sa.Column('xml', sa.Text(), nullable=False),
    sa.Column('svg', sa.Text(), nullable=True),
    sa.Column('base_version', sa.Integer(), nullable=True),
    sa.Column('editor', sa.String(length=40), server_default='', nullable=False),
    sa.Column('saved_by_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('saved_at', bpm.db.Moment(timezone=True), nullable=False),
    sa.Column('public_id', sa.String(length=24), nullable=False),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.ForeignKeyConstraint(['saved_by_id'], ['person.id'], name=op.f('fk_draft_copy_saved_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draft_copy')),
    sa.UniqueConstraint('public_id', name=op.f('uq_draft_copy_public_id'))
    )
    op.create_index(op.f('ix_draft_copy_process_key'), 'draft_copy', ['process_key'], unique=False)
    op.create_table('review',
    sa.Column('process_key', sa.String(length=120), nullable=False),
    sa.Column('content', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('asked_by_id', bpm.db.PrimaryKey, nullable=False),
    sa.Column('asked_at', bpm.db.Moment(timezone=True), nullable=False),
    sa.Column('reviewer_id', bpm.db.PrimaryKey, nullable=False),
    sa.Column('answered_at', bpm.db.Moment(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=True),
    sa.Column('public_id', sa.String(length=24), nullable=False),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.ForeignKeyConstraint(['asked_by_id'], ['person.id'], name=op.f('fk_review_asked_by_id')),
    sa.ForeignKeyConstraint(['reviewer_id'], ['person.id'], name=op.f('fk_review_reviewer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review')),
    sa.UniqueConstraint('public_id', name=op.f('uq_review_public_id'))
    )
    op.create_index(op.f('ix_review_process_key'), 'review', ['process_key'], unique=False)
    op.create_index(op.f('ix_review_reviewer_id'), 'review', ['reviewer_id'], unique=False)
    op.create_table('element_thread',
    sa.Column('process_key', sa.String(length=120), nullable=False),
    sa.Column('element', sa.String(length=200), nullable=False),
    sa.Column('version', sa.Integer(), nullable=True),
    sa.Column('began_at', bpm.db.Moment(timezone=True), nullable=False),
    sa.Column('resolved_at', bpm.db.Moment(timezone=True), nullable=True),
    sa.Column('resolved_by_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('public_id', sa.String(length=24), nullable=False),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.ForeignKeyConstraint(['resolved_by_id'], ['person.id'], name=op.f('fk_element_thread_resolved_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_element_thread')),
    sa.UniqueConstraint('public_id', name=op.f('uq_element_thread_public_id'))
    )
    op.create_index(op.f('ix_element_thread_process_key'), 'element_thread', ['process_key'], unique=False)
    op.create_table('element_comment',
    sa.Column('thread_id', bpm.db.PrimaryKey, nullable=False),
    sa.Column('author_id', bpm.db.PrimaryKey, nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('at', bpm.db.Moment(timezone=True), nullable=False),
    sa.Column('public_id', sa.String(length=24), nullable=False),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_element_comment_author_id')),
    sa.ForeignKeyConstraint(['thread_id'], ['element_thread.id'], name=op.f('fk_element_comment_thread_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_element_comment')),
    sa.UniqueConstraint('public_id', name=op.f('uq_element_comment_public_id'))
    )
    op.create_index(op.f('ix_element_comment_thread_id'), 'element_comment', ['thread_id'], unique=False)
    op.create_table('element_mention',
    sa.Column('comment_id', bpm.db.PrimaryKey, nullable=False),
    sa.Column('person_id', bpm.db.PrimaryKey, nullable=False),
    sa.ForeignKeyConstraint(['comment_id'], ['element_comment.id'], name=op.f('fk_element_mention_comment_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_element_mention_person_id')),
    sa.PrimaryKeyConstraint('comment_id', 'person_id', name=op.f('pk_element_mention'))
    )
    op.create_index(op.f('ix_element_mention_person_id'), 'element_mention', ['person_id'], unique=False)


def downgrade():
    for table in ('element_mention', 'element_comment', 'element_thread', 'review', 'draft_copy'):
        op.drop_table(table)
    with op.batch_alter_table('process_version', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('fk_process_version_reviewed_by_id'), type_='foreignkey')
        batch_op.drop_column('reviewed_by_id')
    with op.batch_alter_table('process', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('fk_process_review_group_id'), type_='foreignkey')
        batch_op.drop_constraint(op.f('fk_process_reviewer_id'), type_='foreignkey')
        batch_op.drop_column('review_group_id')
        batch_op.drop_column('reviewer_id')
