import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';

import { t } from '../../../shared/texts';
import { button, checkbox, el, field, fold, hint, input, menu, section, select, textarea } from '../controls';
import { expressionField, expressionInput, termField } from '../ExpressionField';
import { retrySection } from './advanced';
import { connectorSections } from './connector';
import { formSection } from './form';
import { mappingSections } from './mapping';
import { declared, named } from './named';
import { stepName } from './ways';

const PARTS = {
  'bpmn:TimerEventDefinition': timerSections,
  'bpmn:MessageEventDefinition': messageSections,
  'bpmn:SignalEventDefinition': signalSections,
  'bpmn:ConditionalEventDefinition': conditionalSections,
  'bpmn:ErrorEventDefinition': errorSections,
  'bpmn:EscalationEventDefinition': escalationSections,
  'bpmn:CompensateEventDefinition': compensationSections,
  'bpmn:LinkEventDefinition': linkSections,
  'bpmn:CancelEventDefinition': () => [ hint(t('Everything in the transaction is stopped and undone.')) ],
  'bpmn:TerminateEventDefinition': () => [ hint(t('Everything else that is still open in this process ends here too.')) ]
};

const TRIGGERS = () => [
  { id: 'bpmn:MessageEventDefinition', name: t('Message') }, { id: 'bpmn:SignalEventDefinition', name: t('Signal') },
  { id: 'bpmn:TimerEventDefinition', name: t('Time') }, { id: 'bpmn:ConditionalEventDefinition', name: t('Condition') },
  { id: 'bpmn:EscalationEventDefinition', name: t('Escalation') }
];

const CANNOT_BE_THROWN = [ 'bpmn:TimerEventDefinition', 'bpmn:ConditionalEventDefinition' ],
      CANNOT_BE_KEPT_OUT = [ 'bpmn:ErrorEventDefinition', 'bpmn:CancelEventDefinition', 'bpmn:CompensateEventDefinition' ];

/** What an event waits for or tells. */
export function eventSections(context) {
  const { element, object } = context,
        definitions = object.get('eventDefinitions') || [],
        several = definitions.length > 1;

  if (is(element, 'bpmn:ReceiveTask')) {
    return messageSections({ ...context, prefix: '' }, object);
  }

  return [
    is(element, 'bpmn:BoundaryEvent') && interruptingSection(context, definitions[0]),
    is(element, 'bpmn:StartEvent') && object.$parent.triggeredByEvent && innerStartSection(context, definitions[0]),
    several && is(element, 'bpmn:CatchEvent') && checkbox('parallel-multiple', t('All of these are needed, in any order'), object.parallelMultiple, parallelMultiple => context.update({ parallelMultiple })),
    ...definitions.flatMap((definition, index) => {
      const prefix = index ? `event-${ index }-` : '',
            parts = PARTS[definition.$type]?.({ ...context, prefix }, definition) || [];

      return several ? [ ...parts, button(`event-${ index }-remove`, t('Take this trigger away'), () => context.update({
        eventDefinitions: definitions.filter(other => other !== definition)
      })) ] : parts;
    }),
    ...payloadSections(context, definitions),
    is(element, 'bpmn:StartEvent') && !definitions.length && !is(element.parent, 'bpmn:SubProcess') && startForm(context),
    definitions.length > 0 && anotherTrigger(context, definitions),
    definitions.some(({ $type }) => $type === 'bpmn:MessageEventDefinition') && is(element, 'bpmn:ThrowEvent') && fold('thrown-by', t('Advanced: sent by a service'), connectorSections(context), retrySection(context))
  ].filter(Boolean);
}

/** A message that a step sends or receives. */
export function messageOfStep(context) {
  return messageSections({ ...context, prefix: '' }, context.object);
}


// local functions //////////

function anotherTrigger({ element, object, bpmnFactory, update }, definitions) {
  const offered = TRIGGERS().filter(({ id }) => !(is(element, 'bpmn:ThrowEvent') && CANNOT_BE_THROWN.includes(id)) && !definitions.some(({ $type }) => $type === id));

  return fold('event-more', t('Advanced: several triggers'), menu('add-trigger', '+ ' + t('Another trigger'), offered, id => {
    const definition = bpmnFactory.create(id, {});

    definition.$parent = object;
    update({ eventDefinitions: [ ...definitions, definition ] });
  }));
}

function innerStartSection({ object, modeling, element }, definition) {
  return CANNOT_BE_KEPT_OUT.includes(definition?.$type) ? null : section(t('What becomes of the rest'), checkbox('interrupting', t('Everything else around is broken off'), object.get('isInterrupting') !== false,
    isInterrupting => modeling.updateProperties(element, { isInterrupting })));
}

// what an event carries or brings; messages ask for it beside their name
function payloadSections(context, definitions) {
  const types = definitions.map(({ $type }) => $type);

  if (is(context.element, 'bpmn:ThrowEvent')) {
    return types.some(type => /Message|Signal/.test(type)) ? mappingSections(context, { inputs: t('What it carries') }) : [];
  }

  return !types.includes('bpmn:MessageEventDefinition') && types.some(type => /Signal|Error|Escalation/.test(type))
    ? mappingSections(context, { outputs: t('What to keep of it') })
    : [];
}

function startForm({ process, server, config, canvas, extensions, read }) {
  const start = read('bpm:Start', process);

  return formSection({ server, config }, {
    key: start.form,
    title: t('Form to start with'),
    suggested: process.name,
    choose: form => extensions.write(canvas.getRootElement(), 'bpm:Start', { ...start, form: form || undefined }, process)
  });
}

function interruptingSection({ object, modeling, element }, definition) {
  if (CANNOT_BE_KEPT_OUT.includes(definition?.$type)) {
    return null;
  }

  return section(t('What becomes of the step'), checkbox('interrupting', t('The step is broken off'), object.get('cancelActivity') !== false,
    cancelActivity => modeling.updateProperties(element, { cancelActivity })));
}

function timerSections(context, definition) {
  const { bpmnFactory, batch, element, extensions, fields, modeling } = context,
        kind = [ 'timeDate', 'timeCycle' ].find(name => definition[name]) || 'timeDuration',
        text = definition[kind]?.body || '',
        { calendar } = context.read('bpm:Timer', definition);

  const save = (kind, body) => batch.run(() => {
    const expression = body ? bpmnFactory.create('bpmn:FormalExpression', { body }) : undefined;

    if (expression) {
      expression.$parent = definition;
    }

    modeling.updateModdleProperties(element, definition, {
      timeDuration: undefined, timeDate: undefined, timeCycle: undefined, [kind]: expression
    });
    extensions.write(element, 'bpm:Timer', /^\d+w[mhd]$/.test(body) ? { calendar: 'working' } : null, definition);
  });

  const dates = fields.filter(({ type }) => type === 'date').map(({ key, label }) => ({ id: `=${ key }`, name: label }));

  const controls = {
    timeDuration: () => field(t('How long'), termField(context, `${ context.prefix }timer`, text, body => save('timeDuration', body), { label: t('How long'), calendar })),
    timeDate: () => [
      dates.length > 0 && field(t('The date in'), select(`${ context.prefix }timer-field`, [ { id: '', name: t('Choose…') }, ...dates ], dates.some(({ id }) => id === text) ? text : '', body => save('timeDate', body))),
      field(t('Or a date or expression'), expressionInput(context, 'timer', `${ context.prefix }timer-date`, text, body => save('timeDate', body), { placeholder: '=deal.pay_by' }))
    ],
    timeCycle: () => field(t('How often'), expressionField(context, 'timer', input(`${ context.prefix }timer-cycle`, text, body => save('timeCycle', body), { placeholder: 'R/P1D' })), t('As ISO 8601 says: R/P1D is every day, R3/PT1H three times, an hour apart.'))
  };

  return [ section(t('When'),
    select(`${ context.prefix }timer-kind`, [
      { id: 'timeDuration', name: t('After a while') },
      { id: 'timeDate', name: t('At a moment') },
      { id: 'timeCycle', name: t('Again and again') }
    ], kind, kind => save(kind, { timeDuration: '1d', timeDate: dates[0]?.id || '=now()', timeCycle: 'R/P1D' }[kind]), t('When')),
    controls[kind]()) ];
}

function messageSections(context, holder) {
  const isThrown = is(context.element, 'bpmn:ThrowEvent') || is(context.element, 'bpmn:SendTask'),
        { value } = context.read('bpm:Correlation');

  return [
    section(t('Message'),
      reference(context, holder, { type: 'bpmn:Message', property: 'messageRef', label: t('Name of the message'), placeholder: 'contract.client_signed' }),
      is(context.element, 'bpmn:StartEvent') ? hint(t('Each such message starts the process.')) : field(t('It belongs to the case whose'),
        expressionInput(context, 'value', 'correlation', value, value => context.write('bpm:Correlation', value ? { value } : null), { placeholder: t('business key or record') }),
        t('Usually left empty.'))),
    ...(isThrown ? [] : mappingSections(context, { outputs: t('What to keep of the message') }))
  ];
}

function conditionalSections(context, definition) {
  const { batch, bpmnFactory, element, modeling } = context;

  const save = text => batch.run(() => {
    const condition = bpmnFactory.create('bpmn:FormalExpression', { body: text.trim() || '=false' });

    condition.$parent = definition;
    modeling.updateModdleProperties(element, definition, { condition });
  });

  return [ section(t('When'), field(t('As soon as this is true'),
    expressionField(context, 'condition', textarea(`${ context.prefix }event-condition`, definition.condition?.body, save, { rows: 2 })))) ];
}

function signalSections(context, definition) {
  return [ section(t('Signal'), reference(context, definition, {
    type: 'bpmn:Signal', property: 'signalRef', label: t('Name of the signal')
  })) ];
}

function errorSections(context, definition) {
  return [ section(t('Error'),
    reference(context, definition, { type: 'bpmn:Error', property: 'errorRef', label: t('Name of the error'), code: 'errorCode' }),
    is(context.element, 'bpmn:CatchEvent') && hint(t('Left empty: whatever fails.'))) ];
}

function escalationSections(context, definition) {
  return [ section(t('Escalation'), reference(context, definition, {
    type: 'bpmn:Escalation', property: 'escalationRef', label: t('Name of the escalation'), code: 'escalationCode'
  })) ];
}

/** The name of a message, signal, error or escalation, and the code by which it is caught. */
function reference(context, holder, { type, property, label, placeholder = '', code }) {
  const { batch, element, modeling, prefix } = context,
        save = name => batch.run(() => modeling.updateModdleProperties(element, holder, { [property]: named(context, type, name, code) })),
        control = input(`${ prefix }reference`, holder[property]?.name, save, { placeholder, spellcheck: false }),
        id = `bpm-list-${ control.name }`,
        list = el('datalist', { id }, declared(context, type).map(({ name }) => new Option(name)));

  control.setAttribute('list', id);

  return [
    field(label, el('div', {}, control, list)),
    code && holder[property] && fold(`${ prefix }reference-more`, t('Advanced'), field(t('Code'), input(`${ prefix }reference-code`, holder[property][code], text => modeling.updateModdleProperties(element, holder[property], {
      [code]: text || undefined
    })), t('By this code it is caught; all that use the name share it.')))
  ];
}

function compensationSections(context, definition) {
  const { element, elementRegistry, modeling } = context,
        steps = elementRegistry.filter(step => is(step, 'bpmn:Activity') && !step.labelTarget && step !== element.host),
        options = list => list.map(step => ({ id: step.id, name: stepName(step) }));

  if (is(element, 'bpmn:BoundaryEvent')) {
    const link = (element.outgoing || []).find(one => is(one, 'bpmn:Association'));

    const choose = id => context.batch.run(() => {
      if (link) {
        modeling.removeConnection(link);
      }

      if (id) {
        modeling.connect(element, elementRegistry.get(id), { type: 'bpmn:Association' });
      }
    });

    return [ section(t('How it is undone'), select('undone-by', [ { id: '', name: t('Choose…') }, ...options(steps.filter(step => step.parent === element.parent && !step.incoming.some(one => is(one, 'bpmn:SequenceFlow')))) ], link?.target.id, choose, t('The step that undoes it')),
      hint(t('Draw that step without an arrow to it.'))) ];
  }

  if (is(element, 'bpmn:StartEvent')) {
    return [ hint(t('Begins when the steps around are undone.')) ];
  }

  return [ section(t('What is undone'),
    select('undone', [ { id: '', name: t('Everything done so far') }, ...options(steps) ], definition.activityRef?.id, id => context.update({
      activityRef: id ? getBusinessObject(elementRegistry.get(id)) : undefined
    }, definition), t('What is undone')),
    checkbox('undone-wait', t('Goes on only when it is undone'), definition.waitForCompletion !== false, waitForCompletion => context.update({ waitForCompletion }, definition))) ];
}

function linkSections(context, definition) {
  const { element, elementRegistry } = context,
        others = elementRegistry.filter(other => is(other, 'bpmn:Event') && other !== element && !other.labelTarget)
          .flatMap(other => getBusinessObject(other).get('eventDefinitions') || []).filter(({ $type, name }) => $type === 'bpmn:LinkEventDefinition' && name),
        control = input('link', definition.name, name => context.update({ name }, definition));

  control.setAttribute('list', 'bpm-list-link');

  return [ section(t('Link'), field(t('Name of the link'), el('div', {}, control, el('datalist', { id: 'bpm-list-link' }, [ ...new Set(others.map(({ name }) => name)) ].map(name => new Option(name)))),
    t('The case goes on at the catching event with the same name.'))) ];
}
