import { t } from '../../shared/texts';

/** Conditions as rows that people pick, FEEL and sentences made of them. The same for arrows and for fields of forms. */

/** @typedef { { field: string, op: string, value: string } } Rule */

const OPERATORS = {
  text: [ '=', '!=', 'contains', 'empty', 'filled' ],
  number: [ '=', '!=', '>', '>=', '<', '<=', 'empty', 'filled' ],
  date: [ '=', '!=', '>', '>=', '<', '<=', 'empty', 'filled' ],
  choice: [ '=', '!=', 'empty', 'filled' ],
  person: [ '=', '!=', 'empty', 'filled' ],
  boolean: [ '=' ],
  list: [ 'contains', 'empty', 'filled' ]
};

const COMPARISONS = [ '=', '!=', '>', '>=', '<', '<=' ],
      NAME = /^[\p{L}_][\p{L}\p{N}_]*(\.[\p{L}_][\p{L}\p{N}_]*)*$/u;

/** The operators that make sense for a field of this type, as { id, name }. */
export function operatorsFor(type) {
  const names = {
    '=': t('is'),
    '!=': t('is not'),
    '>': type === 'date' ? t('is after') : t('is more than'),
    '>=': type === 'date' ? t('is on or after') : t('is at least'),
    '<': type === 'date' ? t('is before') : t('is less than'),
    '<=': type === 'date' ? t('is on or before') : t('is at most'),
    'contains': t('contains'),
    'empty': t('is empty'),
    'filled': t('is filled in')
  };

  return (OPERATORS[type] || OPERATORS.text).map(id => ({ id, name: names[id] }));
}

export function needsValue(op) {
  return op !== 'empty' && op !== 'filled';
}

/** Write rows as FEEL; the only text that runs. */
export function toFeel({ match, rules }, fields) {
  const parts = rules.map(rule => ruleToFeel(rule, fields.find(({ key }) => key === rule.field)?.type));

  return '=' + parts.join(match === 'any' ? ' or ' : ' and ');
}

/** Write rows as a sentence: "Amount is more than 10 and Department is IT". */
export function toWords({ match, rules }, fields) {
  const parts = rules.map(({ field, op, value }) => {
    const { label = field, type, options = [] } = fields.find(({ key }) => key === field) || {},
          operator = operatorsFor(type).find(({ id }) => id === op)?.name || op,
          shown = options.find(({ id }) => id === value)?.name || booleanName(type, value) || value;

    return [ label, operator, needsValue(op) && shown ].filter(Boolean).join(' ');
  });

  const and = t('and'),
        or = t('or');

  return parts.join(` ${ match === 'any' ? or : and } `);
}


// local functions //////////

function ruleToFeel({ field, op, value }, type) {
  // a name that FEEL cannot read as one name is written so that the check on the server tells about it
  const name = NAME.test(field) ? field : `get value(${ JSON.stringify(field) })`;

  if (op === 'empty') {
    return type === 'list' ? `(${ name } = null or count(${ name }) = 0)` : `(${ name } = null or ${ name } = "")`;
  }

  if (op === 'filled') {
    return type === 'list' ? `(${ name } != null and count(${ name }) > 0)` : `(${ name } != null and ${ name } != "")`;
  }

  const literal = toLiteral(value, type);

  if (op === 'contains') {
    return type === 'list' ? `list contains(${ name }, ${ literal })` : `contains(${ name }, ${ literal })`;
  }

  return `${ name } ${ COMPARISONS.includes(op) ? op : '=' } ${ literal }`;
}

function toLiteral(value, type) {
  if (type === 'number') {
    const number = value.replace(',', '.').replace(/\s/g, '');

    return number !== '' && Number.isFinite(Number(number)) ? number : 'null';
  }

  if (type === 'boolean') {
    return value === 'false' ? 'false' : 'true';
  }

  if (type === 'date') {
    return value ? `date(${ JSON.stringify(value) })` : 'null';
  }

  return JSON.stringify(value);
}

function booleanName(type, value) {
  return type === 'boolean' && (value === 'false' ? t('no') : t('yes'));
}

/** A text as it is compared with another: spaces and the = before it do not count. */
export function normal(text) {
  return text.replace(/^=\s*/, '').replace(/\s+/g, ' ').trim();
}
