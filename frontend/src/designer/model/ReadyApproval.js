import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';

import { t } from '../../shared/texts';
import { extensionOf } from './Extensions';
import { readySteps } from './ready';

const GAP = 60,
      WIDTH = 380,
      VARIABLE = 'outcome';

/**
 * An approval with what belongs to it: buttons, a diamond, and three ways out – on, back through whoever asked, or to
 * an end. It comes in one undo step, into a place that is free.
 */
export default function ReadyApproval(elementFactory, bpmnFactory, extensions, modeling, canvas, injector) {

  /**
   * The shapes and arrows, placed around 0, 0: what is dragged onto the paper, or added after a step.
   *
   * @param {boolean} [ends] whether the way on leads to an end of its own
   * @return {Element[]} the approval first, the diamond second
   */
  this.create = (ends = true) => {
    const approval = step('approval', 0, 0),
          diamond = shape('bpmn:ExclusiveGateway', { name: t('Decision?') }, 160, 15),
          rework = step('fill-in', 270, 110, t('Change and submit again')),
          rejected = shape('bpmn:EndEvent', { name: t('Rejected') }, 302, 230),
          approved = ends && shape('bpmn:EndEvent', { name: t('Approved') }, 302, 22),
          reject = arrow(diamond, rejected, [ [ 185, 65 ], [ 185, 248 ], [ 302, 248 ] ], t('Reject'));

    getBusinessObject(diamond).default = getBusinessObject(reject);

    return [
      approval, diamond, rework, rejected, ...(ends ? [ approved ] : []),
      arrow(approval, diamond, [ [ 100, 40 ], [ 160, 40 ] ]),
      ...(ends ? [ arrow(diamond, approved, [ [ 210, 40 ], [ 302, 40 ] ], t('Approve'), 'approve') ] : []),
      arrow(diamond, rework, [ [ 185, 65 ], [ 185, 150 ], [ 270, 150 ] ], t('Send back'), 'revise'),
      arrow(rework, approval, [ [ 320, 190 ], [ 320, 210 ], [ 50, 210 ], [ 50, 80 ] ]),
      reject
    ];
  };

  /** How far to the right it reaches. */
  this.width = WIDTH + GAP;

  /**
   * Add it after a step (which may lead on: then the way of approval does), or alone at a place.
   *
   * @param {Shape} [next] where what is approved goes on
   * @return {Shape} the approval
   */
  this.add = (source, flow, place, next = flow?.target) => {
    const elements = this.create(!next),
          [ approval, diamond ] = elements,
          left = source ? source.x + source.width + GAP : place.x,
          top = source ? source.y + source.height / 2 - 40 : place.y;

    modeling.createElements(elements, { x: left + width(elements) / 2, y: top + height(elements) / 2 }, source ? source.parent : canvas.getRootElement());

    if (flow) {
      modeling.reconnectEnd(flow, approval, middle(approval));
    } else if (source) {
      modeling.connect(source, approval);
    }

    if (next) {
      modeling.connect(diamond, next, { type: 'bpmn:SequenceFlow', businessObject: flowObject(t('Approve'), 'approve') });
    }

    return approval;
  };

  /**
   * What is added after an approval belongs on the way that is taken when it was approved.
   *
   * @return {Connection|undefined}
   */
  this.wayOn = source => {
    const outcomes = extensionOf(getBusinessObject(source), 'bpm:Outcomes'),
          flows = (source.outgoing || []).filter(flow => is(flow, 'bpmn:SequenceFlow')),
          diamond = flows[0]?.target;

    if (!outcomes || flows.length !== 1 || !diamond || !is(diamond, 'bpmn:ExclusiveGateway')) {
      return;
    }

    const [ first ] = outcomes.get('outcomes'),
          variable = outcomes.get('variable') || VARIABLE;

    return diamond.outgoing.find(flow => {
      const rules = extensionOf(getBusinessObject(flow), 'bpm:Condition')?.get('rules') || [];

      return rules.length === 1 && rules[0].field === variable && rules[0].op === '=' && rules[0].value === first?.key;
    });
  };


  // local functions //////////

  function step(id, x, y, label) {
    const kind = readySteps().find(kind => kind.id === id),
          created = injector.get('steps').create(label ? { ...kind, label } : kind);

    return Object.assign(created, { x, y });
  }

  function shape(type, props, x, y) {
    return Object.assign(elementFactory.createShape({ type, businessObject: bpmnFactory.create(type, props) }), { x, y });
  }

  function arrow(source, target, points, name, key) {
    return elementFactory.createConnection({
      type: 'bpmn:SequenceFlow', businessObject: flowObject(name, key), source, target, waypoints: points.map(([ x, y ]) => ({ x, y }))
    });
  }

  function flowObject(name, key) {
    const flow = bpmnFactory.create('bpmn:SequenceFlow', name ? { name } : {});

    if (key) {
      const container = bpmnFactory.create('bpmn:ExtensionElements'),
            row = { $type: 'bpm:Rule', field: VARIABLE, op: '=', value: key };

      container.$parent = flow;
      container.values = [ extensions.create('bpm:Condition', { match: 'all', rules: [ row ] }) ];
      container.values[0].$parent = container;
      flow.extensionElements = container;
      flow.conditionExpression = bpmnFactory.create('bpmn:FormalExpression', { body: `=${ VARIABLE } = "${ key }"` });
      flow.conditionExpression.$parent = flow;
    }

    return flow;
  }
}

ReadyApproval.$inject = [ 'elementFactory', 'bpmnFactory', 'extensions', 'modeling', 'canvas', 'injector' ];


// local functions //////////

function width(elements) {
  return Math.max(...elements.filter(({ waypoints }) => !waypoints).map(({ x, width }) => x + width));
}

function height(elements) {
  return Math.max(...elements.filter(({ waypoints }) => !waypoints).map(({ y, height }) => y + height));
}

function middle(shape) {
  return { x: shape.x + shape.width / 2, y: shape.y + shape.height / 2 };
}
