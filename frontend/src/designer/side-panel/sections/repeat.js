import { is } from 'bpmn-js/lib/util/ModelUtil';

import { t } from '../../../shared/texts';
import { button, checkbox, el, field, fold, input, removeButton, section, select } from '../controls';
import { expressionField, expressionInput } from '../ExpressionField';
import { named, THROWN } from './named';

const MANY = 'bpmn:MultiInstanceLoopCharacteristics',
      WHILE = 'bpmn:StandardLoopCharacteristics';

/** How often a step is done: once, for each item of a list, so many times, or as long as something holds. */
export function repeatSections(context) {
  const { element, object } = context;

  if (context.has('bpm:Voting') || object.triggeredByEvent) {
    return [];
  }

  const loop = object.loopCharacteristics,
        kind = kindOf(loop, context);

  return [ fold('repeat', t('Repetition'),
    select('repeat', [
      { id: '', name: t('Done once') },
      { id: 'list', name: t('Once for each item of a list') },
      { id: 'count', name: t('So many times') },
      { id: 'while', name: t('Again as long as something is true') }
    ], kind, kind => begin(kind, context), t('How often it is done')),
    kind === 'while' && whileFields(loop, context),
    (kind === 'list' || kind === 'count') && manyFields(kind, loop, context),
    el('div', { hidden: true, 'data-of': element.id })) ];
}


// local functions //////////

function kindOf(loop, context) {
  if (!loop) {
    return '';
  }

  return is(loop, WHILE) ? 'while' : loop.loopCardinality && !context.has('bpm:Loop', loop) ? 'count' : 'list';
}

function begin(kind, context) {
  const { bpmnFactory, batch, object } = context;

  batch.run(() => {
    if (!kind) {
      return context.update({ loopCharacteristics: undefined });
    }

    const loop = bpmnFactory.create(kind === 'while' ? WHILE : MANY, {});

    loop.$parent = object;

    if (kind === 'count') {
      loop.loopCardinality = formal(context, '=3', loop);
    } else if (kind === 'while') {
      loop.testBefore = true;
      loop.loopMaximum = 100;
    }

    context.update({ loopCharacteristics: loop });

    if (kind === 'list') {
      context.write('bpm:Loop', { collection: `=${ context.fields.find(({ type }) => type === 'list')?.key || 'items' }`, item: 'item' }, loop);
    }
  });
}

function whileFields(loop, context) {
  return [
    field(t('As long as this is true'), expressionField(context, 'condition', input('loop-condition', loop.loopCondition?.body, text => context.update({ loopCondition: formal(context, text, loop) }, loop)))),
    checkbox('loop-before', t('Asked before the first time too'), loop.testBefore, testBefore => context.update({ testBefore }, loop)),
    field(t('At most so many times'), input('loop-maximum', loop.loopMaximum, text => context.update({ loopMaximum: Number(text) || undefined }, loop), { type: 'number', min: 1 }))
  ];
}

function manyFields(kind, loop, context) {
  const given = theirs(loop, context),
        names = { loopCounter: 'number', [given.item || 'item']: '' };

  const save = change => context.write('bpm:Loop', { ...given, ...change }, loop);

  const expression = (name, property, text, hint) => field(text, expressionField(context, 'expression', input(name, loop[property]?.body, body => context.update({
    [property]: formal(context, body, loop)
  }, loop)), { names }), hint);

  return [
    kind === 'list' && [
      field(t('The list'), expressionInput(context, 'expression', 'loop-collection', given.collection, text => save({ collection: marked(text) }))),
      field(t('Each item is called'), input('loop-item', given.item, item => save({ item })))
    ],
    kind === 'count' && expression('loop-cardinality', 'loopCardinality', t('How many times')),
    select('loop-order', [ { id: '', name: t('All at once') }, { id: 'yes', name: t('One after the other') } ], loop.isSequential ? 'yes' : '', value => context.update({ isSequential: !!value }, loop), t('Order')),
    fold('repeat-more', t('Advanced'),
      expression('loop-completion', 'completionCondition', t('Over as soon as this is true'), t('For example: nrOfCompletedInstances >= 2')),
      field(t('What is kept of each'), expressionInput(context, 'expression', 'loop-output', given.resultItem, text => save({ resultItem: marked(text) }), { names })),
      field(t('The list of all results is kept as'), input('loop-results', given.result, result => save({ result }))),
      behavior(loop, context))
  ];
}

/** Which event is thrown when an instance is done (BPMN 2.0, table 10.29). */
function behavior(loop, context) {
  const kind = loop.behavior || 'All',
        property = { None: 'noneBehaviorEventRef', One: 'oneBehaviorEventRef' }[kind];

  const choose = behavior => context.batch.run(() => context.update({
    behavior: behavior === 'All' ? undefined : behavior, noneBehaviorEventRef: undefined, oneBehaviorEventRef: undefined,
    complexBehaviorDefinition: behavior === 'Complex' ? [ rule(context, loop, '=true', THROWN[0].id, t('Done')) ] : [],
    ...(behavior === 'None' || behavior === 'One' ? {
      [`${ behavior.toLowerCase() }BehaviorEventRef`]: rootEvent(context, THROWN[0].id, t('Done'))
    } : {})
  }, loop));

  return el('div', { className: 'bpm-stack' },
    field(t('What is told when one is done'), select('loop-behavior', [
      { id: 'All', name: t('Nothing') }, { id: 'None', name: t('An event for each') }, { id: 'One', name: t('An event for the first') },
      { id: 'Complex', name: t('An event when something is true') }
    ], kind, choose)),
    property && eventFields('loop-event', loop[property], (type, name) => context.batch.run(() => context.update({ [property]: rootEvent(context, type, name) }, loop))),
    kind === 'Complex' && complexRows(loop, context));
}

function complexRows(loop, context) {
  const rows = loop.get('complexBehaviorDefinition'),
        save = next => context.update({ complexBehaviorDefinition: next }, loop),
        given = row => [ row.condition?.body, row.event?.eventDefinitions?.[0]?.$type || THROWN[0].id, nameOf(row.event?.eventDefinitions?.[0]) ];

  const change = (index, part, value) => context.batch.run(() => save(rows.map((row, i) => {
    const values = given(row);

    values[part] = value;

    return i === index ? rule(context, loop, ...values) : row;
  })));

  return [
    rows.map((row, index) => el('div', { className: 'bpm-card', role: 'group', 'aria-label': t('Event {number}', { number: index + 1 }) },
      expressionField(context, 'condition', input(`loop-rule-${ index }`, row.condition?.body, text => change(index, 0, text), { label: t('When this is true') })),
      eventFields(`loop-rule-${ index }`, row.event?.eventDefinitions?.[0], (type, name) => context.batch.run(() => save(rows.map((other, i) => i === index ? rule(context, loop, row.condition?.body, type, name) : other)))),
      removeButton(`loop-rule-${ index }-remove`, t('Remove'), () => save(rows.filter((_, i) => i !== index))))),
    button('loop-rule-add', '+ ' + t('Add an event'), () => context.batch.run(() => save([ ...rows, rule(context, loop, '=true', THROWN[0].id, t('Done')) ])))
  ];
}

function eventFields(name, definition, save) {
  const type = definition?.$type || THROWN[0].id;

  return el('div', { className: 'bpm-row' },
    select(`${ name }-kind`, THROWN.map(({ id, text }) => ({ id, name: text() })), type, type => save(type, nameOf(definition)), t('Kind of event')),
    input(`${ name }-name`, nameOf(definition), text => save(type, text), { label: t('Name of the event') }));
}

function nameOf(definition) {
  return definition && (definition.messageRef || definition.signalRef || definition.escalationRef)?.name || '';
}

function definitionOf(context, type, name, parent) {
  const { property, declared, code } = THROWN.find(({ id }) => id === type),
        definition = context.bpmnFactory.create(type, { [property]: named(context, declared, name, code) });

  definition.$parent = parent;

  return definition;
}

// the events of “none” and “one” are declared beside the process
function rootEvent(context, type, name) {
  const definitions = context.process.$parent,
        event = definitionOf(context, type, name, definitions);

  context.modeling.updateModdleProperties(context.canvas.getRootElement(), definitions, { rootElements: [ ...definitions.get('rootElements'), event ] });

  return event;
}

function rule(context, loop, text, type, name) {
  const { bpmnFactory } = context,
        made = bpmnFactory.create('bpmn:ComplexBehaviorDefinition', {}),
        event = bpmnFactory.create('bpmn:ImplicitThrowEvent', {});

  made.$parent = loop;
  event.$parent = made;
  event.eventDefinitions = [ definitionOf(context, type, name, event) ];
  made.event = event;
  made.condition = formal(context, text || '=true', made);

  return made;
}

/** What the file says about the list: ours, Zeebe's, Camunda's or BPMN's own. */
function theirs(loop, context) {
  const zeebe = loop.extensionElements?.values?.find(({ $type }) => $type === 'zeebe:loopCharacteristics') || {},
        attributes = loop.$attrs || {};

  return {
    collection: zeebe.inputCollection || attributes['camunda:collection'] || variable(loop.loopDataInputRef),
    item: zeebe.inputElement || attributes['camunda:elementVariable'] || loop.inputDataItem?.name,
    result: zeebe.outputCollection || loop.loopDataOutputRef?.name,
    resultItem: zeebe.outputElement || variable(loop.outputDataItem),
    ...context.read('bpm:Loop', loop)
  };
}

function variable(item) {
  return item && `=${ item.name || item.id }`;
}

export function formal({ bpmnFactory }, body, parent) {
  if (!body?.trim()) {
    return undefined;
  }

  const expression = bpmnFactory.create('bpmn:FormalExpression', { body: body.trim() });

  expression.$parent = parent;

  return expression;
}

function marked(text) {
  return text && !/^[=$]/.test(text) ? `=${ text }` : text;
}
