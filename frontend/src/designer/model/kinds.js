import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';

import { t } from '../../shared/texts';
import { extensionOf } from './Extensions';

/**
 * What can be drawn, by intent. `icon` is a class of the bpmn font, `extensions` what a new one starts with,
 * `event` the type of its event definition, `parts` what else comes with it. Everything here is run by the engine.
 */
export function kinds() {
  return [
    { id: 'start', group: 'ends', type: 'bpmn:StartEvent', icon: 'start-event-none', name: t('Start') },
    { id: 'end', group: 'ends', type: 'bpmn:EndEvent', icon: 'end-event-none', name: t('End') },

    {
      id: 'approval', group: 'people', type: 'bpmn:UserTask', icon: 'user-task', name: t('Approval'), label: t('Approve'), parts: 'approval',
      extensions: () => [ [ 'bpm:Assignment', { to: 'manager_of_initiator' } ], [ 'bpm:Outcomes', { outcomes: approvalOutcomes() } ] ]
    },
    { id: 'task', group: 'people', type: 'bpmn:UserTask', icon: 'user', name: t('Task'), label: t('New task') },
    {
      id: 'letter', group: 'automatic', type: 'bpmn:SendTask', icon: 'send', name: t('Letter'), label: t('Send a letter'),
      extensions: () => [ [ 'bpm:Connector', { name: 'letter', inputs: [
        { $type: 'bpm:Input', name: 'to', value: '=initiator' }
      ] } ] ]
    },
    {
      id: 'service', group: 'automatic', type: 'bpmn:ServiceTask', icon: 'service-task', name: t('Service step'),
      label: t('Service step')
    },
    { id: 'compute', group: 'automatic', type: 'bpmn:ScriptTask', icon: 'script-task', name: t('Compute'), label: t('Compute') },
    {
      id: 'decision-table', group: 'automatic', type: 'bpmn:BusinessRuleTask', icon: 'business-rule-task',
      name: t('Decision table'), label: t('Decide by table')
    },

    { id: 'exclusive', group: 'ways', type: 'bpmn:ExclusiveGateway', icon: 'gateway-xor', name: t('One way') },
    { id: 'parallel', group: 'ways', type: 'bpmn:ParallelGateway', icon: 'gateway-parallel', name: t('All ways at once') },
    { id: 'inclusive', group: 'ways', type: 'bpmn:InclusiveGateway', icon: 'gateway-or', name: t('Every way that fits') },
    { id: 'event-based', group: 'ways', type: 'bpmn:EventBasedGateway', icon: 'gateway-eventbased', name: t('Whatever comes first') },

    {
      id: 'wait', group: 'waiting', type: 'bpmn:IntermediateCatchEvent', event: 'bpmn:TimerEventDefinition',
      icon: 'intermediate-event-catch-timer', name: t('Wait for a time')
    },
    {
      id: 'message', group: 'waiting', type: 'bpmn:IntermediateCatchEvent', event: 'bpmn:MessageEventDefinition',
      icon: 'intermediate-event-catch-message', name: t('Wait for a message')
    },

    {
      id: 'sub-process', group: 'parts', type: 'bpmn:SubProcess', icon: 'subprocess-expanded', name: t('Sub-process'),
      label: t('Sub-process'), shape: { isExpanded: true }
    },
    { id: 'call', group: 'parts', type: 'bpmn:CallActivity', icon: 'call-activity', name: t('Call a process'), label: t('Call a process') }
  ];
}

export function kindGroups() {
  return [
    [ 'ends', t('Start and end') ],
    [ 'people', t('People') ],
    [ 'automatic', t('By itself') ],
    [ 'ways', t('Ways') ],
    [ 'waiting', t('Waiting') ],
    [ 'parts', t('Parts') ]
  ];
}

/** What may follow a step: after “whatever comes first” only something that is waited for, after an end nothing. */
export function followers(source) {
  if (source && is(source, 'bpmn:EndEvent')) {
    return [];
  }

  return kinds().filter(({ id, group }) => id !== 'start' && (!source || !is(source, 'bpmn:EventBasedGateway') || group === 'waiting'));
}

/** Things that hang at the edge of a step. */
export function boundaryKinds() {
  return [
    { id: 'too-long', event: 'bpmn:TimerEventDefinition', icon: 'intermediate-event-catch-timer', name: t('If it takes too long') },
    { id: 'message-meanwhile', event: 'bpmn:MessageEventDefinition', icon: 'intermediate-event-catch-message', name: t('If a message comes meanwhile') },
    { id: 'error', event: 'bpmn:ErrorEventDefinition', icon: 'intermediate-event-catch-error', name: t('If it fails') }
  ];
}

/** Say in one or two words what an element is. */
export function kindName(element) {
  const object = getBusinessObject(element),
        event = object.get?.('eventDefinitions')?.[0]?.$type;

  if (is(element, 'bpmn:BoundaryEvent')) {
    return BOUNDARY_NAMES()[event] || t('Event at the edge');
  }

  const connector = CONNECTOR_NAMES()[extensionOf(object, 'bpm:Connector')?.get('name')];

  if (connector) {
    return connector;
  }

  if (is(element, 'bpmn:UserTask')) {
    return extensionOf(object, 'bpm:Outcomes')?.get('outcomes').length > 1 ? t('Approval') : t('Task');
  }

  const { name } = kinds().find(({ type, event: wanted }) => object.$type === type && (!wanted || wanted === event)) || {};

  return name || OTHER_NAMES()[object.$type] || t('Step');
}

/** The class of the bpmn font that shows an element. */
export function kindIcon(element) {
  const object = getBusinessObject(element),
        event = object.get?.('eventDefinitions')?.[0]?.$type,
        boundary = is(element, 'bpmn:BoundaryEvent') && boundaryKinds().find(kind => kind.event === event),
        kind = boundary || kinds().find(({ type, event: wanted }) => object.$type === type && (!wanted || wanted === event));

  return `bpmn-icon-${ kind?.icon || 'task' }`;
}


// local functions //////////

function BOUNDARY_NAMES() {
  return Object.fromEntries(boundaryKinds().map(({ event, name }) => [ event, name ]));
}

function CONNECTOR_NAMES() {
  return { notify: t('Notify'), document: t('Make a document'), http: t('Call a system') };
}

function OTHER_NAMES() {
  return {
    'bpmn:IntermediateThrowEvent': t('Event'),
    'bpmn:IntermediateCatchEvent': t('Wait'),
    'bpmn:ReceiveTask': t('Wait for a message'),
    'bpmn:SequenceFlow': t('Arrow'),
    'bpmn:Participant': t('Pool'),
    'bpmn:Lane': t('Lane'),
    'bpmn:TextAnnotation': t('Note'),
    'bpmn:Process': t('Process'),
    'bpmn:Task': t('Empty step')
  };
}

const APPROVAL = [
  [ 'approve', 'optional', 'positive', { en: 'Approve', ru: 'Согласовать', pl: 'Zatwierdź' } ],
  [ 'revise', 'required', 'neutral', { en: 'Send back', ru: 'Вернуть на доработку', pl: 'Zwróć do poprawy' } ],
  [ 'reject', 'required', 'negative', { en: 'Reject', ru: 'Отклонить', pl: 'Odrzuć' } ]
];

// the usual buttons come in all three languages; what the author reads is what stands in the field
function approvalOutcomes() {
  const { lang } = document.documentElement;

  return APPROVAL.map(([ key, comment, tone, { [lang]: label, ...others } ]) => ({
    $type: 'bpm:Outcome', key, label, comment, tone,
    labels: Object.entries(others).map(([ language, text ]) => ({ $type: 'bpm:Label', language, text }))
  }));
}
