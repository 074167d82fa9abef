import { getBusinessObject, is, isAny } from 'bpmn-js/lib/util/ModelUtil';

import { t } from '../../../shared/texts';
import { boundaryKinds, followers, kindName, kinds } from '../../model/kinds';
import { isStep, outgoingFlows } from '../../model/Steps';
import { button, el, hint, input, menu, removeButton, section } from '../controls';
import { conditionEditor } from './conditions';

const DECISIONS = [ 'bpmn:ExclusiveGateway', 'bpmn:InclusiveGateway' ];

/** What comes next: arrows away from a step, drawn and taken away without the mouse. */
export function waySections(context) {
  const { element } = context;

  return [
    is(element, 'bpmn:SubProcess') && !element.children.some(isStep) && insideSection(context),
    !is(element, 'bpmn:EndEvent') && nextSection(context),
    is(element, 'bpmn:Activity') && boundarySection(context)
  ].filter(Boolean);
}

/** What a step is called in lists: its name, or what it is. */
export function stepName(element) {
  return getBusinessObject(element).name || kindName(element);
}


// local functions //////////

function nextSection(context) {
  const { element, steps } = context,
        flows = outgoingFlows(element),
        decides = isAny(element, DECISIONS) && flows.length > 0;

  return section(decides ? t('Ways') : t('What comes next'),
    !flows.length && hint(t('Nothing yet: add a step or choose one below.')),
    flows.map((flow, index) => decides ? wayCard(flow, index, context) : wayRow(flow, index, context)),
    addStep(context),
    connectTo(steps.possibleTargets(element), context));
}

function wayRow(flow, index, { steps }) {
  const name = stepName(flow.target);

  return el('div', { className: 'bpm-row bpm-way' },
    el('span', { textContent: `→ ${ name }` }),
    removeButton(`way-${ index }-remove`, t('Take away the arrow to “{name}”', { name }), () => steps.remove(flow)));
}

function wayCard(flow, index, context) {
  const name = stepName(flow.target),
        write = text => context.modeling.updateProperties(flow, { name: text || undefined });

  return el('div', { className: 'bpm-card', role: 'group', 'aria-label': t('Way to “{name}”', { name }) },
    wayRow(flow, index, context),
    input(`way-${ index }-name`, getBusinessObject(flow).name, write, { label: t('Word at the arrow'), placeholder: t('Word at the arrow') }),
    conditionEditor(flow, context, `way-${ index }-`));
}

function addStep({ element, steps, selection }) {
  return menu('add-step', '+ ' + t('Add a step after this'), followers(element), id => {
    selection.select(steps.addArranged(element, kinds().find(kind => kind.id === id)));
  });
}

function connectTo(targets, { element, steps, elementRegistry }) {
  return targets.length > 0 && menu('connect-to', t('Draw an arrow to…'), targets.map(
    target => ({ id: target.id, name: stepName(target) })), id => steps.connect(element, elementRegistry.get(id)));
}

function insideSection({ element, steps, selection }) {
  return section(t('What is done inside'), button('add-inside', '+ ' + t('Begin with a start'), () => {
    selection.select(steps.addInside(element, kinds().find(({ id }) => id === 'start')));
  }));
}

function boundarySection({ element, steps, selection }) {
  return section(t('What may happen meanwhile'), menu('add-boundary', '+ ' + t('Add'), boundaryKinds(), id => {
    selection.select(steps.addBoundary(element, boundaryKinds().find(kind => kind.id === id)));
  }));
}
