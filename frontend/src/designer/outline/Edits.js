import { getBusinessObject, is, isAny } from 'bpmn-js/lib/util/ModelUtil';

import { t } from '../../shared/texts';
import { incomingFlows, isStep, outgoingFlows } from '../model/Steps';
import { joinOf, ownSteps } from './structure';

const GATEWAY = 'bpmn:Gateway',
      END = 'bpmn:EndEvent',
      STARTS_ALONE = [ 'bpmn:StartEvent', 'bpmn:BoundaryEvent' ],
      GAP = 60;

/**
 * Changes made in the list of steps. Each is one undo step, after which the diagram is arranged. They return what
 * should be selected then.
 */
export default function Edits(steps, modeling, elementFactory, batch, arranging, spaceTool, elementRegistry, readyApproval) {

  const changed = change => {
    const result = batch.run(change);

    arranging.follow();

    return result;
  };

  /** Add a step of a kind after another; between two if it leads to one. */
  this.addAfter = (element, kind) => changed(() => {
    const flows = outgoingFlows(element);

    return flows.length === 1 && !is(element, GATEWAY) && kind.type === END && !readyApproval.wayOn(element)
      ? endHere(flows[0], kind)
      : is(element, GATEWAY) && flows.length < 2 && flows.length
        ? insert(flows[0], kind)
        : steps.addAfter(element, kind);
  });

  /** Add the first step of a way. */
  this.addToWay = (flow, kind) => changed(() => kind.type === END ? endHere(flow, kind) : insert(flow, kind));

  /** Let the ways part after a step: one with a step of the given kind, and one past it or with a step too. */
  this.addBranch = (element, gateway, kind) => changed(() => {
    const flow = readyApproval.wayOn(element) || outgoingFlows(element)[0],
          isChoice = gateway.type !== 'bpmn:ParallelGateway',
          split = flow ? insert(flow, gateway) : steps.addAfter(element, gateway),
          join = flow && insert(outgoingFlows(split)[0], gateway),
          first = append(split, kind, 0),
          second = isChoice && join ? null : append(split, kind, 1);

    [ first, second ].forEach(step => step && join && modeling.connect(step, join));

    if (join && !isChoice) {
      outgoingFlows(split).filter(({ target }) => target === join).forEach(direct => modeling.removeConnection(direct));
    } else if (join) {
      modeling.updateProperties(split, { default: getBusinessObject(outgoingFlows(split).find(({ target }) => target === join)) });
    }

    return split;
  });

  /** One more way where the ways part already; it goes on where they come together, else it ends. */
  this.addWay = (split, kind, end) => changed(() => {
    const join = joinOf(split);

    if (kind.parts) {
      return steps.addApproval(split, null, join);
    }

    const step = append(split, kind, outgoingFlows(split).length);

    if (join) {
      modeling.connect(step, join);
    } else {
      append(step, end, 0);
    }

    return step;
  });

  /** Whether a step can change its place with the one before or after it: both have one way in and one out. */
  this.canMove = (element, by) => {
    const [ first, second ] = by < 0 ? [ incomingFlows(element)[0]?.source, element ] : [ element, outgoingFlows(element)[0]?.target ];

    return [ first, second ].every(step => step && !isAny(step, STARTS_ALONE) && incomingFlows(step).length === 1 && outgoingFlows(step).length === 1)
      && outgoingFlows(second)[0].target !== first;
  };

  this.move = (element, by) => changed(() => {
    const [ first, second ] = by < 0 ? [ incomingFlows(element)[0].source, element ] : [ element, outgoingFlows(element)[0].target ],
          [ into ] = incomingFlows(first),
          [ between ] = outgoingFlows(first),
          [ out ] = outgoingFlows(second);

    modeling.reconnectEnd(into, second, middle(second));
    modeling.reconnectStart(out, first, middle(first));
    modeling.reconnectStart(between, second, middle(second));
    modeling.reconnectEnd(between, first, middle(first));

    return element;
  });

  /** Take a step away; where ways part, all that belongs to them alone. What remains is joined up. */
  this.remove = element => changed(() => {
    const before = incomingFlows(element)[0]?.source;

    if (outgoingFlows(element).length > 1 && is(element, GATEWAY)) {
      const join = joinOf(element),
            starts = outgoingFlows(element).map(({ target }) => target),
            own = ownSteps(element, starts).flatMap(set => [ ...set ]).filter(step => step !== element),
            [ into ] = incomingFlows(element);

      steps.remove(own);

      if (join && into && incomingFlows(element).length === 1) {
        modeling.reconnectEnd(into, join, middle(join));
        steps.remove(element);
        dissolve(join);
      } else {
        steps.remove(element);
      }
    } else {
      const after = outgoingFlows(element)[0]?.target;

      steps.remove(element);
      dissolve(after);
    }

    return before && elementRegistry.get(before.id);
  });

  /** Take a way with all its own steps away; a diamond that is left with one way goes too. */
  this.removeWay = flow => changed(() => {
    const split = flow.source,
          flows = outgoingFlows(split),
          own = ownSteps(split, flows.map(({ target }) => target))[flows.indexOf(flow)],
          after = [ ...own ].flatMap(step => outgoingFlows(step).map(({ target }) => target)).concat(flow.target).filter(step => !own.has(step)),
          before = incomingFlows(split)[0]?.source;

    steps.remove([ ...own ]);

    if (elementRegistry.get(flow.id)) {
      modeling.removeConnection(flow);
    }

    [ ...new Set(after) ].forEach(dissolve);
    dissolve(split);

    return elementRegistry.get(split.id) || before;
  });

  /** Let a way, or a step that leads nowhere yet, go on at a step that is there already. */
  this.leadTo = (from, target) => changed(() => {
    if (from.waypoints) {
      const before = from.target;

      modeling.reconnectEnd(from, target, middle(target));
      dissolve(before);
    } else {
      modeling.connect(from, target);
    }

    return from;
  });

  this.addBoundary = (host, kind) => changed(() => steps.addBoundary(host, kind));

  this.addInside = (subProcess, kind) => changed(() => steps.addInside(subProcess, kind));

  /** Where a way or step may go on. */
  this.targets = from => {
    const source = from.waypoints ? from.source : from;

    return elementRegistry.filter(step => isStep(step) && step !== source && step !== from.target &&
      getBusinessObject(step).$parent === getBusinessObject(source).$parent && !isAny(step, STARTS_ALONE));
  };


  // local functions //////////

  function insert(flow, kind) {
    const { source, target } = flow;

    if (kind.parts) {
      return steps.addApproval(source, flow);
    }

    const shape = steps.create(kind),
          room = shape.width + GAP;

    if (target.x > source.x) {
      makeRoom(source, target, room + GAP);
    }

    const position = { x: source.x + source.width + GAP + shape.width / 2, y: target.y + target.height / 2 },
          created = modeling.createShape(shape, position, source.parent);

    modeling.reconnectEnd(flow, created, position);
    modeling.connect(created, target);

    return created;
  }

  function makeRoom(source, target, wanted) {
    const start = source.x + source.width + 1,
          missing = wanted - (target.x - start),
          shapes = elementRegistry.filter(element => element.parent && !element.waypoints && !element.labelTarget);

    if (missing > 0) {
      const { movingShapes, resizingShapes } = spaceTool.calculateAdjustments(shapes, 'x', missing, start);

      if (movingShapes.length || resizingShapes.length) {
        spaceTool.makeSpace(movingShapes, resizingShapes, { x: missing, y: 0 }, 'e', start);
      }
    }
  }

  function endHere(flow, kind) {
    const { source, target } = flow,
          created = append(source, kind, 1, false);

    modeling.reconnectEnd(flow, created, middle(created));
    dissolve(target);

    return created;
  }

  // to the right of a step, each further one below
  function append(source, kind, row, connected = true) {
    const shape = steps.create(kind),
          position = { x: source.x + source.width + GAP + shape.width / 2, y: source.y + source.height / 2 + row * 120 },
          created = modeling.createShape(shape, position, source.parent);

    if (connected) {
      modeling.connect(source, created);
    }

    return created;
  }

  /** Take a diamond away at which nothing parts or comes together any more. */
  function dissolve(element) {
    if (element && elementRegistry.get(element.id) && is(element, GATEWAY) && incomingFlows(element).length === 1 && outgoingFlows(element).length === 1) {
      steps.remove(element);
    }
  }
}

Edits.$inject = [ 'steps', 'modeling', 'elementFactory', 'batch', 'arranging', 'spaceTool', 'elementRegistry', 'readyApproval' ];


// local functions //////////

function middle(shape) {
  return { x: shape.x + shape.width / 2, y: shape.y + shape.height / 2 };
}

/** The two ways in which ways part, as kinds of steps. */
export function branchKinds(kinds) {
  const texts = { exclusive: t('A choice: one way is taken'), parallel: t('All ways at once') };

  return Object.entries(texts).map(([ id, name ]) => ({ ...kinds.find(kind => kind.id === id), name }));
}
