import { getBusinessObject, isAny } from 'bpmn-js/lib/util/ModelUtil';

import { t } from '../../../shared/texts';
import { conditionOf, needsValue, operatorsFor, toFeel, toWords } from '../../conditions/Conditions';
import { stepsBefore } from '../../model/Steps';
import { button, checkbox, el, fold, hint, input, removeButton, section, select, textarea } from '../controls';
import { expressionField } from '../ExpressionField';

const DECISIONS = [ 'bpmn:ExclusiveGateway', 'bpmn:InclusiveGateway' ];

/** When an arrow is taken. */
export function conditionSections(context) {
  const { source } = context.element;

  if (!isAny(source, DECISIONS) && !(isAny(source, [ 'bpmn:Activity', 'bpmn:ComplexGateway' ]) && source.outgoing.length > 1)) {
    return [ hint(t('This arrow is always taken.')) ];
  }

  return [ section(t('When is this way taken?'), conditionEditor(context.element, context)) ];
}

/**
 * Editor of the condition of one arrow: “otherwise”, rows picked from lists, or a FEEL text.
 *
 * @param {Connection} flow
 * @param {Object} context
 * @param {string} [prefix] keeps the names of controls apart where several arrows are shown at once
 */
export function conditionEditor(flow, context, prefix = '') {
  const { fields, batch, extensions, modeling, bpmnFactory } = context,
        object = getBusinessObject(flow),
        isDefault = getBusinessObject(flow.source).default === object,
        { match, rules, advanced } = conditionOf(flow, fields);

  return el('div', { className: 'bpm-stack' },
    checkbox(`${ prefix }otherwise`, t('Otherwise: when no other way fits'), isDefault, setDefault),
    !isDefault && (advanced === null ? rowEditor() : advancedEditor()));

  function setDefault(on) {
    batch.run(() => {
      if (on) {
        writeCondition({ match: 'all', rules: [] });
      }

      modeling.updateProperties(flow.source, { default: on ? object : undefined });
    });
  }

  function rowEditor() {
    return [
      rules.length > 1 && select(`${ prefix }match`, [
        { id: 'all', name: t('All of these are true') }, { id: 'any', name: t('Any of these is true') }
      ], match, match => save(() => ({ match })), t('How the conditions belong together')),
      rules.map(ruleRow),
      button(`${ prefix }add-rule`, '+ ' + t('Add a condition'), () => save(({ rules }) => ({ rules: [ ...rules, likelyRule(flow, fields) ] }))),
      rules.length > 0 && el('p', { className: 'bpm-sentence', textContent: toWords({ match, rules }, fields) }),
      fold(`${ prefix }condition-text`, t('Advanced: as text'), feelText(object.conditionExpression?.body))
    ];
  }

  function advancedEditor() {
    return [
      hint(t('This condition is written as text (FEEL).')),
      feelText(advanced),
      button(`${ prefix }use-rows`, t('Choose from lists instead'), () => save(() => ({ rules })))
    ];
  }

  function feelText(text) {
    return expressionField(context, 'condition', textarea(`${ prefix }feel`, text || '', writeText, { label: t('Condition as text'), rows: 2 }));
  }

  function ruleRow(rule, index) {
    const change = part => save(({ rules }) => ({ rules: rules.map((other, i) => i === index ? { ...other, ...part } : other) })),
          known = fields.find(({ key }) => key === rule.field);

    return el('div', { className: 'bpm-card', role: 'group', 'aria-label': t('Condition {number}', { number: index + 1 }) },
      el('div', { className: 'bpm-row' },
        select(`${ prefix }field-${ index }`, fields.map(({ key, label }) => ({ id: key, name: label })), rule.field, field => change({ field, op: '=', value: firstValue(fields, field) }), t('Field')),
        removeButton(`${ prefix }remove-${ index }`, t('Remove the condition'), () => save(({ rules }) => ({ rules: rules.filter((_, i) => i !== index) })))),
      el('div', { className: 'bpm-row' },
        select(`${ prefix }op-${ index }`, operatorsFor(known?.type), rule.op, op => change({ op }), t('Comparison')),
        needsValue(rule.op) && valueControl(known, rule.value, `${ prefix }value-${ index }`, value => change({ value }))));
  }

  function save(change) {
    const { match, rules } = conditionOf(flow, fields),
          current = { match, rules };

    batch.run(() => writeCondition({ ...current, ...change(current) }));
  }

  function writeCondition({ match, rules }) {
    extensions.write(flow, 'bpm:Condition', rules.length ? {
      match, rules: rules.map(rule => ({ $type: 'bpm:Rule', ...rule }))
    } : null);

    setText(rules.length ? toFeel({ match, rules }, fields) : '');
  }

  function writeText(text) {
    batch.run(() => {
      extensions.write(flow, 'bpm:Condition', null);
      setText(text.trim());
    });
  }

  function setText(body) {
    modeling.updateProperties(flow, {
      conditionExpression: body ? bpmnFactory.create('bpmn:FormalExpression', { body }) : undefined
    });
  }
}


// local functions //////////

function valueControl(field, value, name, onchange) {
  const { type, options } = field || {};

  if (type === 'boolean') {
    return select(name, [ { id: 'true', name: t('yes') }, { id: 'false', name: t('no') } ], value || 'true', onchange, t('Value'));
  }

  if (options?.length) {
    return select(name, [ { id: '', name: t('Choose…') }, ...options ], value, onchange, t('Value'));
  }

  return input(name, value, onchange, { type: type === 'date' ? 'date' : 'text', inputMode: type === 'number' ? 'decimal' : 'text', label: t('Value') });
}

/** The question most likely meant: the decision of the step before, with an answer that no other way has. */
function likelyRule(flow, fields) {
  const decided = stepsBefore(flow.source).map(step => outcomeVariable(step)).find(Boolean),
        field = fields.find(({ key }) => key === decided) || fields[0],
        taken = flow.source.outgoing.filter(other => other !== flow).flatMap(other => conditionOf(other, fields).rules.map(({ value }) => value)),
        free = field?.options?.find(({ id }) => !taken.includes(id));

  return { field: field?.key || '', op: '=', value: free?.id || firstValue(fields, field?.key) };
}

function outcomeVariable(step) {
  const outcomes = (getBusinessObject(step).extensionElements?.values || []).find(({ $type }) => $type === 'bpm:Outcomes');

  return outcomes && (outcomes.get('variable') || 'outcome');
}

function firstValue(fields, key) {
  const { type, options } = fields.find(field => field.key === key) || {};

  return type === 'boolean' ? 'true' : type === 'choice' ? options?.[0]?.id || '' : '';
}
