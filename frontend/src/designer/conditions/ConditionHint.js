import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';

import { t } from '../../shared/texts';
import { conditionOf, toWords } from './Conditions';

const SVG = 'http://www.w3.org/2000/svg';

/** Shows when an arrow is taken as its tooltip: as a name it would cover short arrows. */
export default function ConditionHint(eventBus, fields) {

  eventBus.on('element.hover', ({ element, gfx }) => {
    if (!is(element, 'bpmn:SequenceFlow') || element.labelTarget || !gfx) {
      return;
    }

    const title = gfx.querySelector(':scope > title') || gfx.appendChild(document.createElementNS(SVG, 'title'));

    title.textContent = wordsOf(element, fields.all());
  });
}

ConditionHint.$inject = [ 'eventBus', 'fields' ];

/** Say when a flow is taken; empty if always. */
export function wordsOf(flow, fields) {
  const object = getBusinessObject(flow),
        { match, rules, advanced } = conditionOf(flow, fields);

  if (object.sourceRef?.default === object) {
    return t('otherwise');
  }

  return advanced || (rules.length ? toWords({ match, rules }, fields) : '');
}
