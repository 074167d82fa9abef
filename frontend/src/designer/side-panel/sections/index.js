import { is, isAny } from 'bpmn-js/lib/util/ModelUtil';

import { t } from '../../../shared/texts';
import { button, fold } from '../controls';
import { adHocSections, advancedSections, complexGatewaySections, dataSections, eventGatewaySections, laneSections, poolSections } from './advanced';
import { callSections } from './call';
import { conditionSections } from './conditions';
import { connectorSections } from './connector';
import { decisionSections } from './decision';
import { eventSections, messageOfStep } from './events';
import { mappingSections } from './mapping';
import { nameSections } from './name';
import { processSections } from './process';
import { repeatSections } from './repeat';
import { scriptSections } from './script';
import { userTaskSections } from './userTask';
import { votingSections } from './voting';
import { waySections } from './ways';

const SECTIONS = [
  [ 'bpmn:UserTask', userTaskSections ],
  [ 'bpmn:ManualTask', userTaskSections ],
  [ 'bpmn:SequenceFlow', conditionSections ],
  [ 'bpmn:ServiceTask', connectorSections ],
  [ 'bpmn:SendTask', sendSections ],
  [ 'bpmn:BusinessRuleTask', decisionSections ],
  [ 'bpmn:ScriptTask', scriptSections ],
  [ 'bpmn:CallActivity', callSections ],
  [ 'bpmn:AdHocSubProcess', adHocSections ],
  [ 'bpmn:SubProcess', votingSections ],
  [ 'bpmn:ReceiveTask', eventSections ],
  [ 'bpmn:Event', eventSections ],
  [ 'bpmn:ComplexGateway', complexGatewaySections ],
  [ 'bpmn:EventBasedGateway', eventGatewaySections ],
  [ 'bpmn:DataObjectReference', dataSections ],
  [ 'bpmn:DataStoreReference', dataSections ],
  [ 'bpmn:Participant', poolSections ],
  [ 'bpmn:Lane', laneSections ],
  [ 'bpmn:FlowNode', waySections ],
  [ 'bpmn:Activity', repeatSections ],
  [ 'bpmn:Activity', advancedSections ]
];

/** What the panel asks about an element, in the order in which an owner thinks about it. */
export function sectionsFor(element, context) {
  if (!element) {
    return processSections(context);
  }

  return [
    ...nameSections(context),
    ...SECTIONS.filter(([ type ]) => is(element, type)).flatMap(([ , sections ]) => sections(context)),
    isAny(element, [ 'bpmn:FlowNode', 'bpmn:SequenceFlow', 'bpmn:Artifact', 'bpmn:ItemAwareElement', 'bpmn:Participant', 'bpmn:Lane' ]) && button('remove-element', t('Remove from the diagram'), () => context.steps.remove(element), 'button small negative')
  ].filter(Boolean);
}


// local functions //////////

function sendSections(context) {
  return [
    ...connectorSections(context),
    fold('message', t('Advanced: a message to another process'), messageOfStep(context), mappingSections(context, { inputs: t('What it carries') }))
  ];
}
