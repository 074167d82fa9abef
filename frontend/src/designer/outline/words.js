import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';

import { t } from '../../shared/texts';
import { wordsOf } from '../conditions/ConditionHint';
import { extensionOf } from '../model/Extensions';

/** Say who does a step; empty where nobody is asked. */
export function whoWords(element, server, fields) {
  if (!is(element, 'bpmn:UserTask')) {
    return '';
  }

  const object = getBusinessObject(element),
        assignment = extensionOf(object, 'bpm:Assignment'),
        value = assignment?.get('value') || '',
        named = list => list.find(({ id }) => id === value)?.name || value;

  if (extensionOf(object, 'bpm:Voting')) {
    return t('several people vote');
  }

  if (!assignment) {
    return t('nobody chosen yet');
  }

  return {
    person: () => named(server.people),
    group: () => named(server.groups),
    initiator: () => t('who started it'),
    manager_of_initiator: () => t('the manager of who started it'),
    head_of_department: () => t('the head of {department}', { department: named(server.departments) || t('the department') }),
    expression: () => fields.find(({ key }) => value === `=${ key }`)?.label || value
  }[assignment.get('to')]?.() || value;
}

/** Say when a way is taken. */
export function wayWords(flow, fields) {
  const { source } = flow,
        name = getBusinessObject(flow).name,
        condition = wordsOf(flow, fields);

  if (is(source, 'bpmn:ParallelGateway')) {
    return name || t('at the same time');
  }

  if (is(source, 'bpmn:EventBasedGateway')) {
    return name || t('if this comes first');
  }

  if (name && condition) {
    return t('{name}: {condition}', { name, condition });
  }

  return name || condition || (is(source, 'bpmn:Gateway') ? t('no condition yet') : t('always'));
}
