"""suspended versions, migrations of instances, bulk operations"""

from alembic import op
import sqlalchemy as sa
import bpm.db


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('process_version', schema=None) as batch_op:
        batch_op.add_column(sa.Column('suspended', sa.Boolean(), server_default=sa.false(), nullable=False))

    op.create_table('instance_migration',
    sa.Column('instance_id', bpm.db.PrimaryKey, nullable=False),
    sa.Column('from_version_id', bpm.db.PrimaryKey, nullable=False),
    sa.Column('to_version_id', bpm.db.PrimaryKey, nullable=False),
    sa.Column('mapping', bpm.db.Json, nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('state', sa.LargeBinary(), nullable=True),
    sa.Column('tasks', bpm.db.Json, nullable=False),
    sa.Column('actor_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('at', bpm.db.Moment(timezone=True), nullable=False),
    sa.Column('undone_at', bpm.db.Moment(timezone=True), nullable=True),
    sa.Column('public_id', sa.String(length=24), nullable=False),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['person.id'], name=op.f('fk_instance_migration_actor_id')),
    sa.ForeignKeyConstraint(['from_version_id'], ['process_version.id'], name=op.f('fk_instance_migration_from_version_id')),
    sa.ForeignKeyConstraint(['instance_id'], ['instance.id'], name=op.f('fk_instance_migration_instance_id')),
    sa.ForeignKeyConstraint(['to_version_id'], ['process_version.id'], name=op.f('fk_instance_migration_to_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_instance_migration')),
    sa.UniqueConstraint('public_id', name=op.f('uq_instance_migration_public_id'))
    )
    with op.batch_alter_table('instance_migration', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_instance_migration_instance_id'), ['instance_id'], unique=False)

    op.create_table('bulk_operation',
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('parameters', bpm.db.Json, nullable=False),
    sa.Column('selection', bpm.db.Json, nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('created_by_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('created_at', bpm.db.Moment(timezone=True), nullable=False),
    sa.Column('ended_at', bpm.db.Moment(timezone=True), nullable=True),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('failed', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=24), nullable=False),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.ForeignKeyConstraint(['created_by_id'], ['person.id'], name=op.f('fk_bulk_operation_created_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bulk_operation')),
    sa.UniqueConstraint('public_id', name=op.f('uq_bulk_operation_public_id'))
    )
    with op.batch_alter_table('bulk_operation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_bulk_operation_created_by_id'), ['created_by_id'], unique=False)

    op.create_table('bulk_item',
    sa.Column('operation_id', bpm.db.PrimaryKey, nullable=False),
    sa.Column('instance_id', bpm.db.PrimaryKey, nullable=False),
    sa.Column('status', sa.String(length=12), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['instance_id'], ['instance.id'], name=op.f('fk_bulk_item_instance_id')),
    sa.ForeignKeyConstraint(['operation_id'], ['bulk_operation.id'], name=op.f('fk_bulk_item_operation_id')),
    sa.PrimaryKeyConstraint('operation_id', 'instance_id', name=op.f('pk_bulk_item'))
    )
    with op.batch_alter_table('bulk_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_bulk_item_instance_id'), ['instance_id'], unique=False)
        batch_op.create_index('ix_bulk_item_next', ['operation_id', 'status', 'instance_id'], unique=False)


def downgrade():
    op.drop_table('bulk_item')
    op.drop_table('bulk_operation')
    op.drop_table('instance_migration')
    with op.batch_alter_table('process_version', schema=None) as batch_op:
        batch_op.drop_column('suspended')
