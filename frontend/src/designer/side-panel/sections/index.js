import { is, isAny } from 'bpmn-js/lib/util/ModelUtil';

import { t } from '../../../shared/texts';
import { button } from '../controls';
import { callSections } from './call';
import { conditionSections } from './conditions';
import { connectorSections } from './connector';
import { decisionSections } from './decision';
import { eventSections } from './events';
import { nameSections } from './name';
import { processSections } from './process';
import { scriptSections } from './script';
import { userTaskSections } from './userTask';
import { votingSections } from './voting';
import { waySections } from './ways';

const SECTIONS = [
  [ 'bpmn:UserTask', userTaskSections ],
  [ 'bpmn:SequenceFlow', conditionSections ],
  [ 'bpmn:ServiceTask', connectorSections ],
  [ 'bpmn:SendTask', connectorSections ],
  [ 'bpmn:BusinessRuleTask', decisionSections ],
  [ 'bpmn:ScriptTask', scriptSections ],
  [ 'bpmn:CallActivity', callSections ],
  [ 'bpmn:SubProcess', votingSections ],
  [ 'bpmn:ReceiveTask', eventSections ],
  [ 'bpmn:Event', eventSections ],
  [ 'bpmn:FlowNode', waySections ]
];

/** What the panel asks about an element, in the order in which an owner thinks about it. */
export function sectionsFor(element, context) {
  if (!element) {
    return processSections(context);
  }

  return [
    ...nameSections(context),
    ...SECTIONS.filter(([ type ]) => is(element, type)).flatMap(([ , sections ]) => sections(context)),
    isAny(element, [ 'bpmn:FlowNode', 'bpmn:SequenceFlow', 'bpmn:Artifact' ]) && button('remove-element', t('Remove from the diagram'), () => context.steps.remove(element), 'button small negative')
  ].filter(Boolean);
}
