import { is } from 'bpmn-js/lib/util/ModelUtil';

import { t } from '../../../shared/texts';
import { checkbox, field, hint, input, section, select, textarea } from '../controls';
import { expressionField, expressionInput, termField } from '../ExpressionField';
import { formSection } from './form';
import { mappingSections } from './mapping';

const PARTS = {
  'bpmn:TimerEventDefinition': timerSections,
  'bpmn:MessageEventDefinition': messageSections,
  'bpmn:SignalEventDefinition': signalSections,
  'bpmn:ConditionalEventDefinition': conditionalSections,
  'bpmn:ErrorEventDefinition': errorSections,
  'bpmn:EscalationEventDefinition': escalationSections
};

/** What an event waits for or tells. */
export function eventSections(context) {
  const { element, object } = context,
        definition = object.get('eventDefinitions')?.[0];

  return [
    is(element, 'bpmn:BoundaryEvent') && interruptingSection(context, definition),
    ...(is(element, 'bpmn:ReceiveTask') ? messageSections(context, object) : PARTS[definition?.$type]?.(context, definition) || []),
    is(element, 'bpmn:StartEvent') && !definition && startForm(context)
  ].filter(Boolean);
}


// local functions //////////

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
  if (definition?.$type === 'bpmn:ErrorEventDefinition') {
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
    timeDuration: () => field(t('How long'), termField(context, 'timer', text, body => save('timeDuration', body), { label: t('How long'), calendar })),
    timeDate: () => [
      dates.length > 0 && field(t('The date in'), select('timer-field', [ { id: '', name: t('Choose…') }, ...dates ], dates.some(({ id }) => id === text) ? text : '', body => save('timeDate', body))),
      field(t('Or a date or expression'), expressionInput(context, 'timer', 'timer-date', text, body => save('timeDate', body), { placeholder: '=deal.pay_by' }))
    ],
    timeCycle: () => field(t('How often'), expressionField(context, 'timer', input('timer-cycle', text, body => save('timeCycle', body), { placeholder: 'R/P1D' })), t('As ISO 8601 says: R/P1D is every day, R3/PT1H three times, an hour apart.'))
  };

  return [ section(t('When'),
    select('timer-kind', [
      { id: 'timeDuration', name: t('After a while') },
      { id: 'timeDate', name: t('At a moment') },
      { id: 'timeCycle', name: t('Again and again') }
    ], kind, kind => save(kind, { timeDuration: '1d', timeDate: dates[0]?.id || '=now()', timeCycle: 'R/P1D' }[kind]), t('When')),
    controls[kind]()) ];
}

function messageSections(context, holder) {
  const isThrown = is(context.element, 'bpmn:ThrowEvent'),
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
    expressionField(context, 'condition', textarea('event-condition', definition.condition?.body, save, { rows: 2 })))) ];
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

/** Messages, signals and errors are named once per diagram and shared by those who use the same name. */
function reference(context, holder, { type, property, label, placeholder = '', code }) {
  const { batch, bpmnFactory, canvas, element, modeling } = context,
        definitions = rootOf(context.process),
        known = definitions.get('rootElements').filter(({ $type }) => $type === type);

  const save = name => batch.run(() => {
    let target = name && known.find(one => one.name === name);

    if (name && !target) {
      target = bpmnFactory.create(type, { name, ...(code ? { [code]: name } : {}) });
      target.$parent = definitions;
      modeling.updateModdleProperties(canvas.getRootElement(), definitions, { rootElements: [ ...definitions.get('rootElements'), target ] });
    }

    modeling.updateModdleProperties(element, holder, { [property]: target || undefined });
  });

  const control = input('reference', holder[property]?.name, save, { placeholder, spellcheck: false });

  control.setAttribute('list', 'bpm-list-reference');

  const list = document.createElement('datalist');

  list.id = 'bpm-list-reference';
  list.append(...known.map(({ name }) => new Option(name)));

  const box = document.createElement('div');

  box.append(control, list);

  return field(label, box);
}

function rootOf(process) {
  return process.$parent;
}
