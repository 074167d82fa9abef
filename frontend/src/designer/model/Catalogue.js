import { is } from 'bpmn-js/lib/util/ModelUtil';
import { PopupEntries } from 'bpmn-js/lib/features/popup-menu/PopupEntries';

import { t } from '../../shared/texts';

// shapes that show nothing of what is in them would hide steps from those who use the list of steps
const LEFT_OUT = [ 'collapsed-pool', 'collapsed-subprocess', 'collapsed-ad-hoc-subprocess', 'none-boundary-event' ];

const PARTS = [ 'bpmn:SubProcess', 'bpmn:Transaction', 'bpmn:AdHocSubProcess', 'bpmn:CallActivity' ],
      WAITED_FOR = [ 'bpmn:IntermediateCatchEvent', 'bpmn:ReceiveTask' ],
      BESIDE = [ 'bpmn:TextAnnotation', 'bpmn:DataObjectReference', 'bpmn:DataStoreReference' ],
      ALONE = [ 'bpmn:StartEvent', 'bpmn:Participant', 'bpmn:Group' ];

/**
 * Every element of BPMN that the engine runs (docs/bpmn-support.md), for those who know BPMN: under its name in the
 * standard, as the ready-made steps of kinds.js are under plain ones.
 *
 * @typedef { { id: string, name: string, icon: string, type: string, event?: string, shape: Object, follows: (source: Shape) => boolean } } Kind
 */
export default function Catalogue(translate) {

  let groups;

  /** @return { { id: string, name: string, kinds: Kind[] }[] } */
  this.groups = () => groups ||= read();

  /** Those that may follow a step. */
  this.groupsAfter = source => this.groups().map(group => ({ ...group, kinds: group.kinds.filter(kind => kind.follows(source)) }))
    .filter(({ kinds }) => kinds.length);

  this.boundaryKinds = () => this.groups().find(({ id }) => id === 'boundary').kinds;

  this.find = id => this.groups().flatMap(({ kinds }) => kinds).find(kind => kind.id === id);

  function read() {
    const kinds = [
      ...Object.entries(PopupEntries).filter(([ id ]) => !LEFT_OUT.includes(id)).map(([ id, { label, className, target } ]) => kindOf(id, translate(label), className, target)),
      kindOf('text-annotation', t('Note'), 'bpmn-icon-text-annotation', { type: 'bpmn:TextAnnotation' }),
      kindOf('group', t('Frame around steps'), 'bpmn-icon-group', { type: 'bpmn:Group' })
    ];

    return GROUPS().map(([ id, name ]) => ({ id, name, kinds: kinds.filter(kind => groupOf(kind) === id) }));
  }
}

Catalogue.$inject = [ 'translate' ];


// local functions //////////

function kindOf(id, name, icon, { type, eventDefinitionType: event, ...shape }) {
  return { id: `bpmn-${ id }`, name, icon, type, event, shape, follows: source => follows(source, { type, shape }) };
}

function follows(source, { type, shape }) {
  if (BESIDE.includes(type)) {
    return !!source;
  }

  if (!source || is(source, 'bpmn:EndEvent') || ALONE.includes(type) || type === 'bpmn:BoundaryEvent' || shape.triggeredByEvent) {
    return false;
  }

  return !is(source, 'bpmn:EventBasedGateway') || WAITED_FOR.includes(type);
}

function GROUPS() {
  return [
    [ 'tasks', t('Tasks') ],
    [ 'gateways', t('Gateways') ],
    [ 'parts', t('Sub-processes') ],
    [ 'start', t('Start events') ],
    [ 'intermediate', t('Intermediate events') ],
    [ 'boundary', t('Events at the edge of a step') ],
    [ 'end', t('End events') ],
    [ 'data', t('Data, pools, notes') ]
  ];
}

function groupOf({ type }) {
  return PARTS.includes(type) ? 'parts'
    : type.endsWith('Task') ? 'tasks'
      : type.endsWith('Gateway') ? 'gateways'
        : { 'bpmn:StartEvent': 'start', 'bpmn:BoundaryEvent': 'boundary', 'bpmn:EndEvent': 'end' }[type]
          || (type.endsWith('Event') ? 'intermediate' : 'data');
}
