"""first tables"""

from alembic import op
import sqlalchemy as sa
import bpm.db


revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('calendar',
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('time_zone', sa.String(length=60), nullable=False),
    sa.Column('country', sa.String(length=8), nullable=True),
    sa.Column('hours', bpm.db.Json, nullable=False),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar')),
    sa.UniqueConstraint('key', name=op.f('uq_calendar_key'))
    )
    op.create_table('calendar_day',
    sa.Column('calendar_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('spans', bpm.db.Json, nullable=False),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_day'))
    )
    with op.batch_alter_table('calendar_day', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_calendar_day_calendar_id'), ['calendar_id'], unique=False)

    op.create_table('department',
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('names', bpm.db.Json, nullable=False),
    sa.Column('parent_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('head_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.ForeignKeyConstraint(['head_id'], ['person.id'], name=op.f('fk_department_head_id'), use_alter=True),
    sa.ForeignKeyConstraint(['parent_id'], ['department.id'], name=op.f('fk_department_parent_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_department')),
    sa.UniqueConstraint('key', name=op.f('uq_department_key'))
    )
    op.create_table('job',
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('payload', bpm.db.Json, nullable=False),
    sa.Column('due_at', bpm.db.Moment(timezone=True), nullable=False),
    sa.Column('planned_at', bpm.db.Moment(timezone=True), nullable=False),
    sa.Column('priority', sa.Integer(), nullable=False),
    sa.Column('instance_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('unique_key', sa.String(length=200).with_variant(sa.String(length=200, collation='C'), 'postgresql'), nullable=True),
    sa.Column('lease_token', sa.String(length=40), nullable=True),
    sa.Column('starts', sa.Integer(), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('dead', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('last_error', sa.Text(), nullable=True),
    sa.Column('created_at', bpm.db.Moment(timezone=True), nullable=False),
    sa.Column('public_id', sa.String(length=24), nullable=False),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job')),
    sa.UniqueConstraint('public_id', name=op.f('uq_job_public_id')),
    sa.UniqueConstraint('unique_key', name=op.f('uq_job_unique_key'))
    )
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.create_index('ix_job_due_at', ['due_at'], unique=False, postgresql_where=sa.text('NOT dead'), sqlite_where=sa.text('dead = 0'))
        batch_op.create_index(batch_op.f('ix_job_instance_id'), ['instance_id'], unique=False)

    op.create_table('login_attempt',
    sa.Column('subject', sa.String(length=254), nullable=False),
    sa.Column('at', bpm.db.Moment(timezone=True), nullable=False),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_login_attempt'))
    )
    with op.batch_alter_table('login_attempt', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_login_attempt_subject'), ['subject'], unique=False)

    op.create_table('message',
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('correlation', sa.String(length=200), nullable=True),
    sa.Column('payload', bpm.db.Json, nullable=False),
    sa.Column('received_at', bpm.db.Moment(timezone=True), nullable=False),
    sa.Column('expires_at', bpm.db.Moment(timezone=True), nullable=False),
    sa.Column('public_id', sa.String(length=24), nullable=False),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message')),
    sa.UniqueConstraint('public_id', name=op.f('uq_message_public_id'))
    )
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.create_index('ix_message_event', ['name', 'correlation'], unique=False)

    op.create_table('person_group',
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('names', bpm.db.Json, nullable=False),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person_group')),
    sa.UniqueConstraint('key', name=op.f('uq_person_group_key'))
    )
    op.create_table('record_type',
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('definition', bpm.db.Json, nullable=False),
    sa.Column('last_number', sa.Integer(), nullable=False),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_record_type')),
    sa.UniqueConstraint('key', name=op.f('uq_record_type_key'))
    )
    op.create_table('setting',
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('value', bpm.db.Json, nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_setting'))
    )
    op.create_table('person',
    sa.Column('login', sa.String(length=80), nullable=False),
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=True),
    sa.Column('department_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('job_title', sa.String(length=120), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=True),
    sa.Column('time_zone', sa.String(length=60), nullable=True),
    sa.Column('theme', sa.String(length=10), nullable=True),
    sa.Column('active', sa.Boolean(), server_default=sa.true(), nullable=False),
    sa.Column('demo', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('session_key', sa.String(length=40), nullable=False),
    sa.Column('public_id', sa.String(length=24), nullable=False),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.ForeignKeyConstraint(['department_id'], ['department.id'], name=op.f('fk_person_department_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person')),
    sa.UniqueConstraint('login', name=op.f('uq_person_login')),
    sa.UniqueConstraint('public_id', name=op.f('uq_person_public_id'))
    )
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_person_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_person_email'), ['email'], unique=False)

    op.create_table('absence',
    sa.Column('person_id', bpm.db.PrimaryKey, nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('substitute_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_absence_person_id')),
    sa.ForeignKeyConstraint(['substitute_id'], ['person.id'], name=op.f('fk_absence_substitute_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_absence'))
    )
    with op.batch_alter_table('absence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_absence_person_id'), ['person_id'], unique=False)

    op.create_table('api_token',
    sa.Column('person_id', bpm.db.PrimaryKey, nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('scopes', bpm.db.Json, nullable=False),
    sa.Column('created_at', bpm.db.Moment(timezone=True), nullable=False),
    sa.Column('last_used_at', bpm.db.Moment(timezone=True), nullable=True),
    sa.Column('revoked_at', bpm.db.Moment(timezone=True), nullable=True),
    sa.Column('public_id', sa.String(length=24), nullable=False),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_api_token_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_token')),
    sa.UniqueConstraint('public_id', name=op.f('uq_api_token_public_id')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_api_token_token_hash'))
    )
    with op.batch_alter_table('api_token', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_api_token_person_id'), ['person_id'], unique=False)

    op.create_table('decision',
    sa.Column('xml', sa.Text(), nullable=False),
    sa.Column('namespace', sa.String(length=300), server_default='', nullable=False),
    sa.Column('names', bpm.db.Json, nullable=False),
    sa.Column('published_by_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('published_at', bpm.db.Moment(timezone=True), nullable=False),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.ForeignKeyConstraint(['published_by_id'], ['person.id'], name=op.f('fk_decision_published_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decision')),
    sa.UniqueConstraint('key', 'number', name=op.f('uq_decision_key_number'))
    )
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_decision_namespace'), ['namespace'], unique=False)

    op.create_table('document_template',
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('names', bpm.db.Json, nullable=False),
    sa.Column('published_by_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('published_at', bpm.db.Moment(timezone=True), nullable=False),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.ForeignKeyConstraint(['published_by_id'], ['person.id'], name=op.f('fk_document_template_published_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document_template')),
    sa.UniqueConstraint('key', 'number', name=op.f('uq_document_template_key_number'))
    )
    op.create_table('draft',
    sa.Column('process_key', sa.String(length=120), nullable=False),
    sa.Column('name', sa.String(length=300), nullable=False),
    sa.Column('xml', sa.Text(), nullable=False),
    sa.Column('svg', sa.Text(), nullable=True),
    sa.Column('base_version', sa.Integer(), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('editor', sa.String(length=40), server_default='', nullable=False),
    sa.Column('created_by_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('saved_by_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('saved_at', bpm.db.Moment(timezone=True), nullable=False),
    sa.Column('public_id', sa.String(length=24), nullable=False),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.ForeignKeyConstraint(['created_by_id'], ['person.id'], name=op.f('fk_draft_created_by_id')),
    sa.ForeignKeyConstraint(['saved_by_id'], ['person.id'], name=op.f('fk_draft_saved_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draft')),
    sa.UniqueConstraint('process_key', name=op.f('uq_draft_process_key')),
    sa.UniqueConstraint('public_id', name=op.f('uq_draft_public_id'))
    )
    op.create_table('form',
    sa.Column('content', bpm.db.Json, nullable=False),
    sa.Column('published_by_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('published_at', bpm.db.Moment(timezone=True), nullable=False),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.ForeignKeyConstraint(['published_by_id'], ['person.id'], name=op.f('fk_form_published_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_form')),
    sa.UniqueConstraint('key', 'number', name=op.f('uq_form_key_number'))
    )
    op.create_table('idempotent_answer',
    sa.Column('person_id', bpm.db.PrimaryKey, nullable=False),
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('status', sa.Integer(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('created_at', bpm.db.Moment(timezone=True), nullable=False),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_idempotent_answer_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_idempotent_answer')),
    sa.UniqueConstraint('person_id', 'key', name=op.f('uq_idempotent_answer_person_id_key'))
    )
    with op.batch_alter_table('idempotent_answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_idempotent_answer_created_at'), ['created_at'], unique=False)

    op.create_table('letter',
    sa.Column('content', bpm.db.Json, nullable=False),
    sa.Column('published_by_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('published_at', bpm.db.Moment(timezone=True), nullable=False),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.ForeignKeyConstraint(['published_by_id'], ['person.id'], name=op.f('fk_letter_published_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter')),
    sa.UniqueConstraint('key', 'number', name=op.f('uq_letter_key_number'))
    )
    op.create_table('membership',
    sa.Column('person_id', bpm.db.PrimaryKey, nullable=False),
    sa.Column('group_id', bpm.db.PrimaryKey, nullable=False),
    sa.ForeignKeyConstraint(['group_id'], ['person_group.id'], name=op.f('fk_membership_group_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_membership_person_id')),
    sa.PrimaryKeyConstraint('person_id', 'group_id', name=op.f('pk_membership'))
    )
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_membership_group_id'), ['group_id'], unique=False)

    op.create_table('notice',
    sa.Column('person_id', bpm.db.PrimaryKey, nullable=False),
    sa.Column('unique_key', sa.String(length=200), nullable=True),
    sa.Column('texts', bpm.db.Json, nullable=False),
    sa.Column('link', sa.String(length=400), nullable=False),
    sa.Column('instance_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('created_at', bpm.db.Moment(timezone=True), nullable=False),
    sa.Column('read_at', bpm.db.Moment(timezone=True), nullable=True),
    sa.Column('public_id', sa.String(length=24), nullable=False),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_notice_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice')),
    sa.UniqueConstraint('public_id', name=op.f('uq_notice_public_id')),
    sa.UniqueConstraint('unique_key', name=op.f('uq_notice_unique_key'))
    )
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notice_instance_id'), ['instance_id'], unique=False)
        batch_op.create_index('ix_notice_person', ['person_id', 'created_at'], unique=False)

    op.create_table('outgoing_letter',
    sa.Column('message_id', sa.String(length=200), nullable=False),
    sa.Column('unique_key', sa.String(length=200), nullable=True),
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('recipient', sa.String(length=254), nullable=False),
    sa.Column('person_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('subject', sa.String(length=400), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('html', sa.Text(), nullable=True),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('attachments', bpm.db.Json, nullable=False),
    sa.Column('instance_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('created_at', bpm.db.Moment(timezone=True), nullable=False),
    sa.Column('sent_at', bpm.db.Moment(timezone=True), nullable=True),
    sa.Column('public_id', sa.String(length=24), nullable=False),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_outgoing_letter_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outgoing_letter')),
    sa.UniqueConstraint('message_id', name=op.f('uq_outgoing_letter_message_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_outgoing_letter_public_id')),
    sa.UniqueConstraint('unique_key', name=op.f('uq_outgoing_letter_unique_key'))
    )
    with op.batch_alter_table('outgoing_letter', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_outgoing_letter_created_at'), ['created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_outgoing_letter_instance_id'), ['instance_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_outgoing_letter_person_id'), ['person_id'], unique=False)

    op.create_table('process',
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('names', bpm.db.Json, nullable=False),
    sa.Column('owner_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('active', sa.Boolean(), server_default=sa.true(), nullable=False),
    sa.Column('public_id', sa.String(length=24), nullable=False),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.ForeignKeyConstraint(['owner_id'], ['person.id'], name=op.f('fk_process_owner_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_process')),
    sa.UniqueConstraint('key', name=op.f('uq_process_key')),
    sa.UniqueConstraint('public_id', name=op.f('uq_process_public_id'))
    )
    op.create_table('record',
    sa.Column('type_id', bpm.db.PrimaryKey, nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('stage', sa.String(length=60), nullable=True),
    sa.Column('responsible_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('values', bpm.db.Json, nullable=False),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('created_at', bpm.db.Moment(timezone=True), nullable=False),
    sa.Column('created_by_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('changed_at', bpm.db.Moment(timezone=True), nullable=False),
    sa.Column('deleted_at', bpm.db.Moment(timezone=True), nullable=True),
    sa.Column('public_id', sa.String(length=24), nullable=False),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.ForeignKeyConstraint(['created_by_id'], ['person.id'], name=op.f('fk_record_created_by_id')),
    sa.ForeignKeyConstraint(['responsible_id'], ['person.id'], name=op.f('fk_record_responsible_id')),
    sa.ForeignKeyConstraint(['type_id'], ['record_type.id'], name=op.f('fk_record_type_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_record')),
    sa.UniqueConstraint('public_id', name=op.f('uq_record_public_id'))
    )
    with op.batch_alter_table('record', schema=None) as batch_op:
        batch_op.create_index('ix_record_list', ['type_id', 'stage', 'changed_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_record_responsible_id'), ['responsible_id'], unique=False)
        batch_op.create_index('uq_record_number', ['type_id', 'number'], unique=True)

    op.create_table('role',
    sa.Column('person_id', bpm.db.PrimaryKey, nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_role_person_id')),
    sa.PrimaryKeyConstraint('person_id', 'key', name=op.f('pk_role'))
    )
    op.create_table('stored_file',
    sa.Column('name', sa.String(length=255), nullable=False),
    sa.Column('media_type', sa.String(length=120), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('created_at', bpm.db.Moment(timezone=True), nullable=False),
    sa.Column('created_by_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('instance_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('record_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('public_id', sa.String(length=24), nullable=False),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.ForeignKeyConstraint(['created_by_id'], ['person.id'], name=op.f('fk_stored_file_created_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stored_file')),
    sa.UniqueConstraint('public_id', name=op.f('uq_stored_file_public_id'))
    )
    with op.batch_alter_table('stored_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_stored_file_instance_id'), ['instance_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_stored_file_record_id'), ['record_id'], unique=False)

    op.create_table('process_version',
    sa.Column('process_id', bpm.db.PrimaryKey, nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('process_key', sa.String(length=120), nullable=False),
    sa.Column('xml', sa.Text(), nullable=False),
    sa.Column('svg', sa.Text(), nullable=True),
    sa.Column('compiled', sa.LargeBinary(), nullable=True),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('properties', bpm.db.Json, nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('published_by_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('published_at', bpm.db.Moment(timezone=True), nullable=False),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_process_version_process_id')),
    sa.ForeignKeyConstraint(['published_by_id'], ['person.id'], name=op.f('fk_process_version_published_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_process_version')),
    sa.UniqueConstraint('process_id', 'number', name=op.f('uq_process_version_process_id_number'))
    )
    with op.batch_alter_table('process_version', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_process_version_hash'), ['hash'], unique=False)
        batch_op.create_index(batch_op.f('ix_process_version_process_key'), ['process_key'], unique=False)

    op.create_table('record_change',
    sa.Column('record_id', bpm.db.PrimaryKey, nullable=False),
    sa.Column('at', bpm.db.Moment(timezone=True), nullable=False),
    sa.Column('actor_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('instance_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('element', sa.String(length=120), nullable=True),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('changes', bpm.db.Json, nullable=False),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['person.id'], name=op.f('fk_record_change_actor_id')),
    sa.ForeignKeyConstraint(['record_id'], ['record.id'], name=op.f('fk_record_change_record_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_record_change'))
    )
    with op.batch_alter_table('record_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_record_change_instance_id'), ['instance_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_record_change_record_id'), ['record_id'], unique=False)

    op.create_table('instance',
    sa.Column('version_id', bpm.db.PrimaryKey, nullable=False),
    sa.Column('process_id', bpm.db.PrimaryKey, nullable=False),
    sa.Column('titles', bpm.db.Json, nullable=False),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.Column('business_key', sa.String(length=200), nullable=True),
    sa.Column('record_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('outcome', sa.String(length=120), nullable=True),
    sa.Column('state', sa.LargeBinary(), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('root_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('parent_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('parent_token', sa.String(length=60), nullable=True),
    sa.Column('started_by_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('started_at', bpm.db.Moment(timezone=True), nullable=False),
    sa.Column('ended_at', bpm.db.Moment(timezone=True), nullable=True),
    sa.Column('open_incidents', sa.Integer(), server_default='0', nullable=False),
    sa.Column('history_length', sa.Integer(), nullable=False),
    sa.Column('history_hash', sa.String(length=64), nullable=False),
    sa.Column('public_id', sa.String(length=24), nullable=False),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.ForeignKeyConstraint(['parent_id'], ['instance.id'], name=op.f('fk_instance_parent_id')),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_instance_process_id')),
    sa.ForeignKeyConstraint(['root_id'], ['instance.id'], name=op.f('fk_instance_root_id')),
    sa.ForeignKeyConstraint(['started_by_id'], ['person.id'], name=op.f('fk_instance_started_by_id')),
    sa.ForeignKeyConstraint(['version_id'], ['process_version.id'], name=op.f('fk_instance_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_instance')),
    sa.UniqueConstraint('public_id', name=op.f('uq_instance_public_id'))
    )
    with op.batch_alter_table('instance', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_instance_business_key'), ['business_key'], unique=False)
        batch_op.create_index('ix_instance_list', ['process_id', 'status', 'started_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_instance_parent_id'), ['parent_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_instance_record_id'), ['record_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_instance_root_id'), ['root_id'], unique=False)
        batch_op.create_index('ix_instance_started_at', ['started_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_instance_started_by_id'), ['started_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_instance_version_id'), ['version_id'], unique=False)

    op.create_table('event_subscription',
    sa.Column('instance_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('process_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('element', sa.String(length=120), nullable=False),
    sa.Column('token', sa.String(length=60), nullable=True),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('correlation', sa.String(length=200), nullable=True),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.ForeignKeyConstraint(['instance_id'], ['instance.id'], name=op.f('fk_event_subscription_instance_id')),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_event_subscription_process_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event_subscription'))
    )
    with op.batch_alter_table('event_subscription', schema=None) as batch_op:
        batch_op.create_index('ix_event_subscription_event', ['kind', 'name', 'correlation'], unique=False)
        batch_op.create_index(batch_op.f('ix_event_subscription_instance_id'), ['instance_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_event_subscription_process_id'), ['process_id'], unique=False)

    op.create_table('history_event',
    sa.Column('instance_id', bpm.db.PrimaryKey, nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('at', bpm.db.Moment(timezone=True), nullable=False),
    sa.Column('actor_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('on_behalf_of_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('element', sa.String(length=120), nullable=True),
    sa.Column('data', bpm.db.Json, nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['person.id'], name=op.f('fk_history_event_actor_id')),
    sa.ForeignKeyConstraint(['instance_id'], ['instance.id'], name=op.f('fk_history_event_instance_id')),
    sa.ForeignKeyConstraint(['on_behalf_of_id'], ['person.id'], name=op.f('fk_history_event_on_behalf_of_id')),
    sa.PrimaryKeyConstraint('instance_id', 'seq', name=op.f('pk_history_event'))
    )
    with op.batch_alter_table('history_event', schema=None) as batch_op:
        batch_op.create_index('ix_history_event_at', ['at'], unique=False)

    op.create_table('incident',
    sa.Column('instance_id', bpm.db.PrimaryKey, nullable=False),
    sa.Column('element', sa.String(length=120), nullable=True),
    sa.Column('token', sa.String(length=60), nullable=True),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('cause', bpm.db.Json, nullable=False),
    sa.Column('job_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('created_at', bpm.db.Moment(timezone=True), nullable=False),
    sa.Column('resolved_at', bpm.db.Moment(timezone=True), nullable=True),
    sa.Column('resolved_by_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('resolution', sa.String(length=20), nullable=True),
    sa.Column('public_id', sa.String(length=24), nullable=False),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.ForeignKeyConstraint(['instance_id'], ['instance.id'], name=op.f('fk_incident_instance_id')),
    sa.ForeignKeyConstraint(['resolved_by_id'], ['person.id'], name=op.f('fk_incident_resolved_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incident')),
    sa.UniqueConstraint('public_id', name=op.f('uq_incident_public_id'))
    )
    with op.batch_alter_table('incident', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_incident_instance_id'), ['instance_id'], unique=False)

    op.create_table('user_task',
    sa.Column('instance_id', bpm.db.PrimaryKey, nullable=False),
    sa.Column('token', sa.String(length=60), nullable=False),
    sa.Column('element', sa.String(length=120), nullable=False),
    sa.Column('titles', bpm.db.Json, nullable=False),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.Column('form_key', sa.String(length=120), nullable=True),
    sa.Column('outcomes', bpm.db.Json, nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('assignee_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('original_assignee_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('claimed_at', bpm.db.Moment(timezone=True), nullable=True),
    sa.Column('priority', sa.Integer(), nullable=False),
    sa.Column('approval', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('due_at', bpm.db.Moment(timezone=True), nullable=True),
    sa.Column('sort_at', bpm.db.Moment(timezone=True), nullable=False),
    sa.Column('follow_up_at', bpm.db.Moment(timezone=True), nullable=True),
    sa.Column('created_at', bpm.db.Moment(timezone=True), nullable=False),
    sa.Column('ended_at', bpm.db.Moment(timezone=True), nullable=True),
    sa.Column('ended_because', sa.String(length=20), nullable=True),
    sa.Column('outcome', sa.String(length=60), nullable=True),
    sa.Column('completed_by_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('on_behalf_of_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=24), nullable=False),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.ForeignKeyConstraint(['assignee_id'], ['person.id'], name=op.f('fk_user_task_assignee_id')),
    sa.ForeignKeyConstraint(['completed_by_id'], ['person.id'], name=op.f('fk_user_task_completed_by_id')),
    sa.ForeignKeyConstraint(['instance_id'], ['instance.id'], name=op.f('fk_user_task_instance_id')),
    sa.ForeignKeyConstraint(['on_behalf_of_id'], ['person.id'], name=op.f('fk_user_task_on_behalf_of_id')),
    sa.ForeignKeyConstraint(['original_assignee_id'], ['person.id'], name=op.f('fk_user_task_original_assignee_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user_task')),
    sa.UniqueConstraint('public_id', name=op.f('uq_user_task_public_id'))
    )
    with op.batch_alter_table('user_task', schema=None) as batch_op:
        batch_op.create_index('ix_user_task_done', ['completed_by_id', 'ended_at'], unique=False)
        batch_op.create_index('ix_user_task_inbox', ['assignee_id', 'status', 'sort_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_user_task_instance_id'), ['instance_id'], unique=False)
        batch_op.create_index('ix_user_task_open', ['status', 'sort_at', 'id'], unique=False)
        batch_op.create_index('ix_user_task_original', ['original_assignee_id'], unique=False, postgresql_where=sa.text('original_assignee_id IS NOT NULL'), sqlite_where=sa.text('original_assignee_id IS NOT NULL'))

    op.create_table('variable_index',
    sa.Column('instance_id', bpm.db.PrimaryKey, nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('value', sa.String(length=400), nullable=False),
    sa.ForeignKeyConstraint(['instance_id'], ['instance.id'], name=op.f('fk_variable_index_instance_id')),
    sa.PrimaryKeyConstraint('instance_id', 'name', name=op.f('pk_variable_index'))
    )
    with op.batch_alter_table('variable_index', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_variable_index_value'), ['value'], unique=False)

    op.create_table('attachment',
    sa.Column('instance_id', bpm.db.PrimaryKey, nullable=False),
    sa.Column('task_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('file_id', bpm.db.PrimaryKey, nullable=False),
    sa.Column('variable', sa.String(length=120), nullable=True),
    sa.Column('at', bpm.db.Moment(timezone=True), nullable=False),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_attachment_file_id')),
    sa.ForeignKeyConstraint(['instance_id'], ['instance.id'], name=op.f('fk_attachment_instance_id')),
    sa.ForeignKeyConstraint(['task_id'], ['user_task.id'], name=op.f('fk_attachment_task_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachment'))
    )
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attachment_file_id'), ['file_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_attachment_instance_id'), ['instance_id'], unique=False)

    op.create_table('comment',
    sa.Column('instance_id', bpm.db.PrimaryKey, nullable=False),
    sa.Column('task_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('author_id', bpm.db.PrimaryKey, nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('at', bpm.db.Moment(timezone=True), nullable=False),
    sa.Column('public_id', sa.String(length=24), nullable=False),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_comment_author_id')),
    sa.ForeignKeyConstraint(['instance_id'], ['instance.id'], name=op.f('fk_comment_instance_id')),
    sa.ForeignKeyConstraint(['task_id'], ['user_task.id'], name=op.f('fk_comment_task_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment')),
    sa.UniqueConstraint('public_id', name=op.f('uq_comment_public_id'))
    )
    with op.batch_alter_table('comment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_comment_instance_id'), ['instance_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_comment_task_id'), ['task_id'], unique=False)

    op.create_table('task_candidate',
    sa.Column('task_id', bpm.db.PrimaryKey, nullable=False),
    sa.Column('open', sa.Boolean(), server_default=sa.true(), nullable=False),
    sa.Column('sort_at', bpm.db.Moment(timezone=True), nullable=False),
    sa.Column('person_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('group_id', bpm.db.PrimaryKey, nullable=True),
    sa.Column('id', bpm.db.PrimaryKey, nullable=False),
    sa.ForeignKeyConstraint(['group_id'], ['person_group.id'], name=op.f('fk_task_candidate_group_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_task_candidate_person_id')),
    sa.ForeignKeyConstraint(['task_id'], ['user_task.id'], name=op.f('fk_task_candidate_task_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_task_candidate'))
    )
    with op.batch_alter_table('task_candidate', schema=None) as batch_op:
        batch_op.create_index('ix_task_candidate_group', ['group_id', 'open', 'sort_at', 'task_id'], unique=False)
        batch_op.create_index('ix_task_candidate_person', ['person_id', 'open', 'sort_at', 'task_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_task_candidate_task_id'), ['task_id'], unique=False)

    op.create_table('task_draft',
    sa.Column('task_id', bpm.db.PrimaryKey, nullable=False),
    sa.Column('person_id', bpm.db.PrimaryKey, nullable=False),
    sa.Column('values', bpm.db.Json, nullable=False),
    sa.Column('saved_at', bpm.db.Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_task_draft_person_id')),
    sa.ForeignKeyConstraint(['task_id'], ['user_task.id'], name=op.f('fk_task_draft_task_id')),
    sa.PrimaryKeyConstraint('task_id', 'person_id', name=op.f('pk_task_draft'))
    )
    # the department's head and the person's department point at each other; SQLite cannot add this later
    if op.get_bind().dialect.name != 'sqlite':
        op.create_foreign_key('fk_department_head_id', 'department', 'person', ['head_id'], ['id'])



def downgrade():
    raise RuntimeError('There is nothing before the first tables.')
