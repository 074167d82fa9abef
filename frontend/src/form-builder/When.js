import { needsValue, operatorsFor, toWords } from '../designer/conditions/Rows';
import { button, el, fold, hint, input, removeButton, select, textarea } from '../designer/side-panel/controls';
import { expressionField } from '../designer/side-panel/ExpressionField';
import { t } from '../shared/texts';

/**
 * Rows of a condition on a field of a form; what they say as a sentence; or a text for those who can write one.
 *
 * @param {string} prefix keeps the names of controls apart
 * @param {Object} context
 * @param { { when?: Object, text?: string, save: (when: Object|null) => void, write: (text: string) => void } } condition
 */
export function whenRows(prefix, context, { when, text, save, write }) {
  const { fields } = context;

  if (!when && text) {
    return el('div', { className: 'bpm-stack' },
      hint(t('This condition is written as text (FEEL).')),
      asText(),
      button(`${ prefix }-use-rows`, t('Choose from lists instead'), () => save(null)));
  }

  const { match = 'all', rules = [] } = when || {},
        change = (index, part) => save({ match, rules: rules.map((rule, i) => i === index ? { ...rule, ...part } : rule) });

  return el('div', { className: 'bpm-stack' },
    rules.length > 1 && select(`${ prefix }-match`, [
      { id: 'all', name: t('All of these are true') }, { id: 'any', name: t('Any of these is true') }
    ], match, match => save({ match, rules }), t('How the conditions belong together')),
    rules.map(row),
    fields.length
      ? button(`${ prefix }-add`, '+ ' + t('Add a condition'), () => save({ match, rules: [ ...rules, { field: fields[0].key, op: '=', value: firstValue(fields[0]) } ] }))
      : hint(t('Add another field first: its answer can be a condition.')),
    rules.length > 0 && el('p', { className: 'bpm-sentence', textContent: toWords({ match, rules }, fields) }),
    fold(`${ prefix }-advanced`, t('Advanced: as text'), asText()));

  function row(rule, index) {
    const known = fields.find(({ key }) => key === rule.field);

    return el('div', { className: 'bpm-card', role: 'group', 'aria-label': t('Condition {number}', { number: index + 1 }) },
      el('div', { className: 'bpm-row' },
        select(`${ prefix }-field-${ index }`, fields.map(({ key, label }) => ({ id: key, name: label })), rule.field, field => change(index, {
          field, op: operatorsFor(fields.find(({ key }) => key === field)?.type)[0].id, value: firstValue(fields.find(({ key }) => key === field))
        }), t('Field')),
        removeButton(`${ prefix }-remove-${ index }`, t('Remove the condition'), () => save(rules.length > 1 ? { match, rules: rules.filter((_, i) => i !== index) } : null))),
      el('div', { className: 'bpm-row' },
        select(`${ prefix }-op-${ index }`, operatorsFor(known?.type), rule.op, op => change(index, { op }), t('Comparison')),
        needsValue(rule.op) && valueControl(known, rule.value, `${ prefix }-value-${ index }`, value => change(index, { value }))));
  }

  function asText() {
    return expressionField(context, 'condition', textarea(`${ prefix }-feel`, text || '', text => write(text.trim()), { label: t('Condition as text'), rows: 2 }));
  }
}


// local functions //////////

function valueControl({ type, options } = {}, value, name, onchange) {
  if (type === 'boolean') {
    return select(name, [ { id: 'true', name: t('yes') }, { id: 'false', name: t('no') } ], value || 'true', onchange, t('Value'));
  }

  if (options?.length) {
    return select(name, [ { id: '', name: t('Choose…') }, ...options ], value, onchange, t('Value'));
  }

  return input(name, value, onchange, { type: type === 'date' ? 'date' : 'text', inputMode: type === 'number' ? 'decimal' : 'text', label: t('Value') });
}

function firstValue({ type, options } = {}) {
  return type === 'boolean' ? 'true' : options?.[0]?.id || '';
}
