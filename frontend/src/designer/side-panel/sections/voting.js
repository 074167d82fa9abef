import { is } from 'bpmn-js/lib/util/ModelUtil';

import dialect from '../../../shared/dialect';
import { t } from '../../../shared/texts';
import { el, field, fold, hint, input, removeButton, section, select } from '../controls';
import { expressionField, expressionInput } from '../ExpressionField';

const LISTS = [ [ 'approvals', 'positive' ], [ 'revisions', 'neutral' ], [ 'refusals', 'negative' ] ];

// an empty attribute would be read as the usual list
const NOBODY = '-';

// a list of voters: log-in names, "group:key" for one of a group, and who is found by his place
const MEMBERS = /^=\s*members\("([^"]*)"\)$/,
      VOTER = '(?:"[^"]*"|(?:head_of|manager_of)\\((?:"[^"]*"|\\w+)\\)|\\w+)',
      VOTERS = new RegExp(`^=\\s*(?:distinct values\\(\\s*)?\\[\\s*((?:${ VOTER }\\s*,?\\s*)*)\\](?:\\[item != null\\]\\s*\\))?$`);

/** Several people decide: who they are, and when the round is over. */
export function votingSections(context) {
  const isOn = context.has('bpm:Voting'),
        read = () => context.read('bpm:Voting'),
        voting = isOn ? read() : {};

  const rules = [
    { id: '', name: is(context.element, 'bpmn:UserTask') ? t('One person decides') : t('Done once') },
    { id: 'all', name: t('Everybody has to decide') },
    { id: 'majority', name: t('The majority decides') },
    { id: 'first', name: t('The first answer decides') },
    { id: 'quorum', name: t('So many have to approve') },
    ...(voting.rule?.startsWith('=') ? [ { id: voting.rule, name: t('A rule of its own') } ] : [])
  ];

  const save = change => context.write('bpm:Voting', { ...read(), ...change });

  const chooseRule = rule => context.batch.run(() => {
    context.write('bpm:Voting', rule ? { ...voting, rule, ...listsOfVoting(voting, [], outcomesOf(context)) } : null);

    if (is(context.element, 'bpmn:UserTask')) {
      followVoting(context, rule);
    }
  });

  return [ section(t('How many decide'),
    select('voting-rule', rules, isOn ? voting.rule : '', chooseRule, t('How many decide')),
    isOn && voters(context, voting, save),
    voting.rule === 'quorum' && field(t('How many have to approve'), expressionField(context, 'expression', input('voting-quorum', (voting.quorum || '').replace(/^=/, ''), value => save({
      quorum: value && `=${ value.replace(/^=/, '') }`
    })))),
    isOn && select('voting-order', [
      { id: 'parallel', name: t('All are asked at once') },
      { id: 'sequential', name: t('One after the other') }
    ], voting.order, order => save({ order }), t('Order')),
    isOn && hint(t('The votes are kept as “{name}”.', { name: voting.result || 'votes' })),
    isOn && votingMore(context, voting, save)
  ) ];
}

/**
 * Which buttons count as yes, as “send back” and as no. A button keeps its list until its meaning changes; a new one
 * goes where its meaning belongs.
 *
 * @param {Object} voting as it was
 * @param {Object[]} before the outcomes as they were
 * @param {Object[]} after
 */
export function listsOfVoting(voting, before, after) {
  const old = Object.fromEntries(LISTS.map(([ list ]) => [ list, (voting[list] ?? defaultOf(list)).split(',') ])),
        toneOf = (outcomes, key) => outcomes.find(outcome => outcome.key === key)?.tone || 'neutral';

  const listOf = ({ key, tone = 'neutral' }) => {
    const kept = LISTS.find(([ list ]) => old[list].includes(key)),
          isNew = !before.some(outcome => outcome.key === key);

    return kept && (isNew || toneOf(before, key) === tone) ? kept[0] : LISTS.find(([ , meant ]) => meant === tone)[0];
  };

  return after.length ? Object.fromEntries(LISTS.map(([ list ]) => [
    list, after.filter(outcome => listOf(outcome) === list).map(({ key }) => key).join(',') || NOBODY
  ])) : {};
}


// local functions //////////

function votingMore(context, voting, save) {
  const text = (name, label, placeholder) => field(label, input(`voting-${ name }`, voting[name], value => save({ [name]: value || undefined }), { placeholder }));

  return fold('voting-more', t('Advanced'),
    field(t('A rule of its own'), expressionField(context, 'expression', input('voting-expression', voting.rule?.startsWith('=') ? voting.rule : '', rule => save({ rule: rule ? `=${ rule.replace(/^=/, '') }` : 'all' })), {
      names: { votes: 'list', n_all: 'number', n_answered: 'number', n_approve: 'number', n_revise: 'number', n_reject: 'number' }
    }), t('True when it is decided, for example: n_approve > n_all / 2')),
    text('voter', t('Each voter is called'), 'approver'),
    text('result', t('The votes are kept as'), 'votes'),
    text('approvals', t('Buttons that count as yes'), 'approve'),
    text('revisions', t('Buttons that count as “send back”'), 'revise'),
    text('refusals', t('Buttons that count as no'), 'reject'));
}

function defaultOf(list) {
  return dialect.types.find(({ name }) => name === 'Voting').properties.find(({ name }) => name === list)?.default || '';
}

function outcomesOf(context) {
  return is(context.element, 'bpmn:UserTask') ? context.read('bpm:Outcomes').outcomes || [] : [];
}

// each voter's task is his own, and his answer becomes one vote
function followVoting(context, rule) {
  const { variable, vote, outcomes = [] } = context.read('bpm:Outcomes');

  context.write('bpm:Assignment', rule ? { to: 'expression', value: '=approver' } : null);

  if (outcomes.length) {
    context.write('bpm:Outcomes', { variable, outcomes, vote: rule ? vote || 'vote' : undefined });
  }
}

function voters(context, { voters: text = '' }, save) {
  const { server, fields } = context,
        group = MEMBERS.exec(text)?.[1],
        people = VOTERS.exec(text)?.[1].match(new RegExp(VOTER, 'g')) || [],
        listed = fields.find(({ key }) => text === `=${ key }`),
        kind = group !== undefined ? 'group' : VOTERS.test(text) ? 'people' : listed ? 'field' : text ? 'expression' : '';

  const kinds = [
    { id: '', name: t('Choose…') },
    { id: 'group', name: t('The members of a group') },
    { id: 'people', name: t('These people') },
    { id: 'field', name: t('People named in a field') },
    { id: 'expression', name: t('An expression') }
  ];

  const start = {
    '': undefined,
    group: `=members("${ server.groups[0]?.id || '' }")`,
    people: '=[]',
    field: `=${ fields.find(({ type }) => type === 'list' || type === 'person')?.key || 'initiator' }`,
    expression: '=approvers'
  };

  const control = {
    group: () => select('voters-group', server.groups, group, id => save({ voters: `=members("${ id }")` }), t('Group')),
    people: () => voterRows(context, people, voters => save({ voters: listOf(voters) })),
    field: () => select('voters-field', fields.map(({ key, label }) => ({ id: key, name: label })), listed?.key, key => save({ voters: `=${ key }` }), t('Field')),
    expression: () => expressionInput(context, 'expression', 'voters-expression', text, voters => save({ voters }), { label: t('Expression') })
  }[kind];

  return el('div', { className: 'bpm-stack' },
    field(t('Who votes'), select('voters-kind', kinds, kind, kind => save({ voters: start[kind] }))),
    control?.());
}

/** One row for each voter, in their order, and one to add another. */
function voterRows({ server, fields }, voters, save) {
  const quoted = (list, prefix, group, words = name => name) => list.map(({ id, name }) => ({ id: JSON.stringify(prefix + id), name: words(name), group }));

  const options = [
    { id: 'manager_of(initiator)', name: t('The manager of who started it'), group: t('From the case') },
    ...fields.filter(({ type }) => type === 'person').map(({ key, label }) => ({ id: key, name: label, group: t('From the case') })),
    ...quoted(server.groups, 'group:', t('Somebody of a group')),
    ...server.departments.map(({ id, name }) => ({ id: `head_of(${ JSON.stringify(id) })`, name, group: t('The head of a department') })),
    ...quoted(server.people, '', t('A person'))
  ];

  const free = one => options.filter(({ id }) => id === one || !voters.includes(id));

  return el('div', { className: 'bpm-stack', role: 'group', 'aria-label': t('These people') },
    voters.map((voter, index) => {
      const { name = voter } = options.find(({ id }) => id === voter) || {};

      return el('div', { className: 'bpm-row' },
        select(`voter-${ index }`, free(voter), voter, chosen => save(voters.with(index, chosen)), t('Voter {number}', { number: index + 1 })),
        removeButton(`voter-${ index }-remove`, t('Take away “{name}”', { name }), () => save(voters.filter((_, i) => i !== index))));
    }),
    select('voter-more', [ { id: '', name: voters.length ? t('Add somebody…') : t('Choose…') }, ...free() ], '', chosen => chosen && save([ ...voters, chosen ]), t('Add somebody')));
}

// nobody is asked twice, and a place that nobody fills is left out
function listOf(voters) {
  const list = `[${ voters.join(', ') }]`;

  return voters.every(voter => voter.startsWith('"')) ? `=${ list }` : `=distinct values(${ list }[item != null])`;
}
