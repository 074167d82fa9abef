"""messages that are known again, BPMN correlation, external tasks, timers on records"""

import sqlalchemy as sa
from alembic import op

import bpm.db

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('event_subscription', schema=None) as batch_op:
        batch_op.add_column(sa.Column('scheme', sa.String(length=40), nullable=True))
        batch_op.create_index('ix_event_subscription_scheme', ['name', 'scheme', 'correlation'], unique=False, postgresql_where=sa.text('scheme IS NOT NULL'), sqlite_where=sa.text('scheme IS NOT NULL'))
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.add_column(sa.Column('conversation', sa.String(length=24), nullable=True))
        batch_op.create_index('ix_message_expires_at', ['expires_at'], unique=False)
    with op.batch_alter_table('instance', schema=None) as batch_op:
        batch_op.create_index('ix_instance_active', ['id'], unique=False, postgresql_where=sa.text("status = 'active'"), sqlite_where=sa.text("status = 'active'"))
    op.create_table('message_receipt',
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('message_id', sa.String(length=200), nullable=False),
    sa.Column('delivered', sa.Integer(), nullable=False),
    sa.Column('received_at', bpm.db.Moment(timezone=True), nullable=False),
    sa.Column('forget_at', bpm.db.Moment(timezone=True), nullable=False),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message_receipt')),
    sa.UniqueConstraint('name', 'message_id', name=op.f('uq_message_receipt_name_message_id'))
    )
    op.create_index(op.f('ix_message_receipt_forget_at'), 'message_receipt', ['forget_at'], unique=False)
    op.create_table('timer_record',
    sa.Column('instance_id', bpm.db.PrimaryKey, nullable=False),
    sa.Column('token', sa.String(length=60), nullable=False),
    sa.Column('record', sa.String(length=24), nullable=False),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.ForeignKeyConstraint(['instance_id'], ['instance.id'], name=op.f('fk_timer_record_instance_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_timer_record'))
    )
    op.create_index(op.f('ix_timer_record_instance_id'), 'timer_record', ['instance_id'], unique=False)
    op.create_index(op.f('ix_timer_record_record'), 'timer_record', ['record'], unique=False)
    op.create_table('external_task',
    sa.Column('instance_id', bpm.db.PrimaryKey, nullable=False),
    sa.Column('process_id', bpm.db.PrimaryKey, nullable=False),
    sa.Column('element', sa.String(length=120), nullable=False),
    sa.Column('token', sa.String(length=60), nullable=False),
    sa.Column('topic', sa.String(length=200), nullable=False),
    sa.Column('priority', sa.Integer(), nullable=False),
    sa.Column('retries', sa.Integer(), nullable=True),
    sa.Column('worker', sa.String(length=200), nullable=True),
    sa.Column('available_at', bpm.db.Moment(timezone=True), nullable=False),
    sa.Column('error_message', sa.Text(), nullable=True),
    sa.Column('error_details', sa.Text(), nullable=True),
    sa.Column('created_at', bpm.db.Moment(timezone=True), nullable=False),
    sa.Column('public_id', sa.String(length=24), nullable=False),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.ForeignKeyConstraint(['instance_id'], ['instance.id'], name=op.f('fk_external_task_instance_id')),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_external_task_process_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_external_task')),
    sa.UniqueConstraint('public_id', name=op.f('uq_external_task_public_id'))
    )
    op.create_index(op.f('ix_external_task_instance_id'), 'external_task', ['instance_id'], unique=False)
    op.create_index('ix_external_task_priority', 'external_task', ['topic', 'priority', 'id'], unique=False)
    op.create_index('ix_external_task_topic', 'external_task', ['topic', 'available_at', 'id'], unique=False)


def downgrade():
    op.drop_table('external_task')
    op.drop_table('timer_record')
    op.drop_table('message_receipt')
    with op.batch_alter_table('instance', schema=None) as batch_op:
        batch_op.drop_index('ix_instance_active')
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_index('ix_message_expires_at')
        batch_op.drop_column('conversation')
    with op.batch_alter_table('event_subscription', schema=None) as batch_op:
        batch_op.drop_index('ix_event_subscription_scheme')
        batch_op.drop_column('scheme')
