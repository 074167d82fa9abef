import { t } from '../../../shared/texts';
import { followed } from '../../model/OwnLanguage';
import { el, field, fold, hint, input, insertValue, section, select } from '../controls';
import { expressionField, expressionInput, termField } from '../ExpressionField';
import { formSection } from './form';
import { translations } from './name';
import { outcomesSection } from './outcomes';
import { votingSections } from './voting';

/** Who does the step, with which form and buttons, by what rule, until when. */
export function userTaskSections(context) {
  return [
    whoSection(context),
    outcomesSection(context),
    taskForm(context),
    ...votingSections(context),
    deadlineSection(context),
    moreSection(context)
  ];
}

/** The people that a choice offers, as options with groups. */
export function peopleAndGroups(server, prefix = { person: 'person:', group: 'group:' }) {
  return [
    ...server.groups.map(({ id, name }) => ({ id: prefix.group + id, name, group: t('Groups') })),
    ...server.people.map(({ id, name }) => ({ id: prefix.person + id, name, group: t('People') }))
  ];
}


// local functions //////////

function whoSection(context) {
  const { server } = context;

  if (context.has('bpm:Voting')) {
    return section(t('Who does it'), hint(t('Each of the voters below gets the task.')));
  }

  const { to: stored, value } = context.has('bpm:Assignment') ? context.read('bpm:Assignment') : { to: '' },
        people = context.fields.filter(({ type, key }) => type === 'person' && key !== 'initiator').map(({ key, label }) => ({ id: `=${ key }`, name: label })),
        to = stored === 'expression' && people.some(({ id }) => id === value) ? 'case' : stored,
        save = (to, value) => context.write('bpm:Assignment', to ? { to, value } : null);

  const kinds = [
    { id: '', name: t('Choose…') },
    { id: 'person', name: t('A person') },
    { id: 'group', name: t('Somebody of a group') },
    { id: 'initiator', name: t('Who started it') },
    { id: 'manager_of_initiator', name: t('The manager of who started it') },
    { id: 'head_of_department', name: t('The head of a department') },
    ...(people.length ? [ { id: 'case', name: t('A person from the case') } ] : []),
    { id: 'expression', name: t('Somebody named by a value') }
  ];

  const choose = options => select('assignment-value', [ { id: '', name: t('Choose…') }, ...options ], value, value => save(to, value), t('Which one'));

  const valueControl = {
    person: () => choose(server.people),
    group: () => choose(server.groups),
    head_of_department: () => choose(server.departments),
    case: () => select('assignment-value', people, value, value => save('expression', value), t('Which one')),
    expression: () => expressionInput(context, 'expression', 'assignment-value', value, value => save(to, marked(value)), {
      label: t('Value'), placeholder: '=approver'
    })
  }[to];

  return section(t('Who does it'),
    select('assignment-to', kinds, to, to => to === 'case' ? save('expression', people.at(-1).id) : save(to, undefined), t('Who does it')),
    valueControl?.(),
    to === 'group' && hint(t('Everybody of the group sees it; the first who takes it does it.')));
}

function taskForm(context) {
  return formSection(context, {
    key: context.read('bpm:FormRef').key,
    choose: key => context.write('bpm:FormRef', key ? { key } : null),
    suggested: context.object.name
  });
}

function deadlineSection(context) {
  const read = () => context.read('bpm:Deadline'),
        { due, calendar, remindBefore, escalateAfter, escalateTo } = read();

  const save = change => {
    const next = { ...read(), ...change },
          filled = next.due || next.remindBefore || next.escalateTo;

    context.write('bpm:Deadline', filled ? { ...next, calendar: /w[mhd]$/.test(next.due || '') ? 'working' : undefined } : null);
  };

  const targets = [ { id: '', name: t('Nobody') }, { id: 'manager', name: t('The manager of who does it') }, ...peopleAndGroups(context.server) ];

  return section(t('Until when'),
    field(t('Due in'), termField(context, 'due', due, due => save({ due }), { label: t('Due in'), calendar })),
    due && field(t('Remind before'), termField(context, 'remind', remindBefore, remindBefore => save({ remindBefore }), { label: t('Remind before') })),
    due && field(t('If it is late, tell'), select('escalate-to', targets, escalateTo, escalateTo => save({
      escalateTo, escalateAfter: escalateTo ? read().escalateAfter || '0m' : undefined
    }))),
    due && escalateTo && field(t('This long after it was due'), termField(context, 'escalate', escalateAfter, escalateAfter => save({ escalateAfter }), { label: t('This long after it was due') })));
}

function moreSection(context) {
  const { text: before } = context.read('bpm:Title');

  const write = text => context.batch.run(() => {
    const translations = context.readAll('bpm:Translation');

    context.write('bpm:Title', text ? { text } : null);

    if (text && translations.some(({ title }) => title && title === before)) {
      context.writeAll('bpm:Translation', translations.map(one => followed(one, 'title', before, text)));
    }
  });

  const title = input('task-title', before, write, {
    placeholder: context.object.name || ''
  });

  return fold('task-more', t('Title in the list, priority'),
    field(t('Title in the list'), expressionField(context, 'template', title), t('With values in braces: “Approve contract {number}”')),
    insertValue('task-title-insert', title, context.fields),
    translations(context, [ 'name', 'title' ]),
    field(t('Priority'), select('priority', [
      { id: '', name: t('Normal') }, { id: '1', name: t('High') }, { id: '2', name: t('Very high') }
    ], context.read('bpm:Priority').value, value => context.write('bpm:Priority', value ? { value } : null))),
    field(t('Or a number or expression'), expressionInput(context, 'value', 'priority-expression', context.read('bpm:Priority').value, value => context.write('bpm:Priority', value ? { value } : null), { placeholder: '=' })),
    el('div'));
}

function marked(text) {
  return text && !/^[=$]/.test(text) ? `=${ text }` : text;
}
