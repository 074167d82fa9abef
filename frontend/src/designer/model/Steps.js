import { getBusinessObject, is, isAny } from 'bpmn-js/lib/util/ModelUtil';
import { getBBox } from 'diagram-js/lib/util/Elements';

import { followers } from './kinds';

const STEP = [ 'bpmn:FlowNode' ],
      GATEWAY = 'bpmn:Gateway',
      BESIDE = [ 'bpmn:TextAnnotation', 'bpmn:DataObjectReference', 'bpmn:DataStoreReference' ],
      GAP = 60,
      MARGIN = 20;

/**
 * Steps in the order in which they are done, and changes made without the mouse: add a step after another, connect,
 * disconnect. Each change is one undo step.
 */
export default function Steps(
    elementRegistry, elementFactory, bpmnFactory, extensions, autoPlace, modeling, canvas, selection, spaceTool, batch, readyApproval, config, fields, injector) {

  /** Make a shape of a kind (see kinds.js) with what it starts with. */
  this.create = kind => {
    const businessObject = bpmnFactory.create(kind.type, kind.label ? { name: kind.label } : {});

    if (kind.extensions) {
      const container = bpmnFactory.create('bpmn:ExtensionElements');

      container.$parent = businessObject;
      container.values = kind.extensions(surroundings()).map(([ type, props ]) => extensions.create(type, props));
      container.values.forEach(value => { value.$parent = container; });
      businessObject.extensionElements = container;
    }

    return elementFactory.createShape({
      type: kind.type, businessObject, ...kind.shape, ...(kind.event ? { eventDefinitionType: kind.event } : {})
    });
  };

  /**
   * Return { element, depth, ways } of every step: from the starts along the arrows, then those that no arrow reaches.
   * depth is how deep it stands in sub-processes.
   */
  this.inOrder = () => {
    const steps = [],
          seen = new Set();

    const walk = (element, depth) => {
      if (seen.has(element)) {
        return;
      }

      seen.add(element);
      steps.push({ element, depth });

      if (is(element, 'bpmn:SubProcess')) {
        walkScope(children(element), depth + 1);
      }

      for (const attacher of element.attachers || []) {
        walk(attacher, depth);
      }

      outgoingFlows(element).forEach(({ target }) => target && walk(target, depth));
    };

    const walkScope = (elements, depth) => {
      const byPlace = [ ...elements ].sort((a, b) => a.x - b.x || a.y - b.y);

      byPlace.filter(element => is(element, 'bpmn:StartEvent')).forEach(element => walk(element, depth));
      byPlace.filter(element => !incomingFlows(element).length && !is(element, 'bpmn:BoundaryEvent')).forEach(element => walk(element, depth));
      byPlace.forEach(element => walk(element, depth));
    };

    walkScope(elementRegistry.filter(element => isStep(element) && !is(element.parent, 'bpmn:SubProcess')), 0);

    return steps;
  };

  /** The steps that an arrow from the given one may lead to. */
  this.possibleTargets = source => elementRegistry.filter(element =>
    isStep(element) && element !== source && scopeOf(element) === scopeOf(source) &&
    !isAny(element, [ 'bpmn:StartEvent', 'bpmn:BoundaryEvent' ]) &&
    !outgoingFlows(source).some(({ target }) => target === element));

  /**
   * Add a step of a kind after another; without one, alone on the canvas. A step with one arrow gets it in between,
   * a diamond gets another way.
   */
  this.addAfter = (source, kind) => batch.run(() => {
    if (kind.parts === 'approval') {
      return addApproval(source && mayFollow(kind, source) ? source : null);
    }

    const shape = this.create(kind),
          wayOn = source && mayFollow(kind, source) && !BESIDE.includes(kind.type) && readyApproval.wayOn(source);

    if (wayOn) {
      return onto(wayOn, shape);
    }

    if (!source || !mayFollow(kind, source)) {
      return createAlone(shape);
    }

    if (BESIDE.includes(kind.type)) {
      return autoPlace.append(source, shape);
    }

    const [ flow, ...others ] = outgoingFlows(source),
          between = flow && !others.length && !is(source, GATEWAY) && kind.type !== 'bpmn:EndEvent';

    return between ? insert(shape, source, flow) : clear(autoPlace.append(source, shape));
  });

  /** The same; where several shapes come at once, what stood there gets out of their way. */
  this.addArranged = (source, kind) => {
    const created = this.addAfter(source, kind);

    if (kind.parts) {
      injector.get('arranging').follow();
    }

    return created;
  };

  /** Put an approval with its ways on an arrow, or after a step, from where what is approved goes on at another. */
  this.addApproval = (source, flow, next) => batch.run(() => approvalAfter(source, flow, next));

  /** Begin what is done within a sub-process. */
  this.addInside = (subProcess, kind) => {
    const position = { x: subProcess.x + 60, y: subProcess.y + subProcess.height / 2 };

    return modeling.createShape(this.create(kind), position, subProcess);
  };

  /** Put a timer, message or error at the lower edge of a step, as far right as there is room. */
  this.addBoundary = (host, kind) => batch.run(() => {
    const shape = elementFactory.createShape({ type: 'bpmn:BoundaryEvent', eventDefinitionType: kind.event, ...kind.shape }),
          taken = (host.attachers || []).length,
          position = { x: host.x + host.width - 25 - 45 * (taken % 2), y: host.y + host.height };

    return modeling.createShape(shape, position, host, { attach: true });
  });

  this.connect = (source, target) => modeling.connect(source, target);

  this.remove = elements => modeling.removeElements([].concat(elements));

  /** The step after which something new most likely belongs. */
  this.likelySource = () => {
    const [ selected ] = selection.get(),
          step = selected?.labelTarget || selected;

    if (step && isStep(step) && !is(step, 'bpmn:EndEvent')) {
      return step;
    }

    return this.inOrder().map(({ element }) => element).findLast(
      element => !is(element, 'bpmn:EndEvent') && !outgoingFlows(element).length);
  };


  // local functions //////////

  function surroundings() {
    return { server: config.server, fields: fields.all(), process: fields.process().name };
  }

  function insert(shape, source, flow) {
    const target = flow.target,
          room = shape.width + GAP,
          gap = target.x - (source.x + source.width);

    if (target.x > source.x && gap < room + GAP) {
      makeRoom(source, room);
    }

    const position = { x: source.x + source.width + GAP + shape.width / 2, y: source.y + source.height / 2 },
          created = modeling.createShape(shape, position, source.parent);

    modeling.reconnectEnd(flow, created, { x: position.x, y: position.y });
    modeling.connect(created, target);

    return created;
  }

  // what hangs at the edge of neighbouring steps leads to the same place: the later one goes below
  function clear(shape) {
    const others = elementRegistry.filter(element => isStep(element) && element !== shape && element.parent === shape.parent && !is(element, 'bpmn:BoundaryEvent')),
          isTaken = () => others.some(other => shape.x < other.x + other.width + MARGIN && other.x < shape.x + shape.width + MARGIN
            && shape.y < other.y + other.height + MARGIN && other.y < shape.y + shape.height + MARGIN);

    for (let tries = 0; isTaken() && tries < 20; tries++) {
      modeling.moveShape(shape, { x: 0, y: 40 });
    }

    return shape;
  }

  function makeRoom(source, width) {
    const start = source.x + source.width + 1,
          shapes = elementRegistry.filter(element => element.parent && !element.waypoints && !element.labelTarget),
          { movingShapes, resizingShapes } = spaceTool.calculateAdjustments(shapes, 'x', width, start);

    if (movingShapes.length || resizingShapes.length) {
      spaceTool.makeSpace(movingShapes, resizingShapes, { x: width, y: 0 }, 'e', start);
    }
  }

  // between an approval's diamond and what comes next; an end takes the place of the end
  function onto(flow, shape) {
    const { source, target } = flow;

    if (!is(shape, 'bpmn:EndEvent')) {
      return insert(shape, source, flow);
    }

    const created = modeling.createShape(shape, { x: source.x + source.width + GAP + 50, y: source.y + source.height / 2 }, source.parent);

    modeling.reconnectEnd(flow, created, { x: created.x + created.width / 2, y: created.y + created.height / 2 });

    if (is(target, 'bpmn:EndEvent') && !incomingFlows(target).length) {
      modeling.removeElements([ target ]);
    }

    return created;
  }

  function addApproval(source) {
    const after = source && (readyApproval.wayOn(source) || null),
          from = after ? after.source : source,
          flows = from ? outgoingFlows(from) : [],
          flow = after || (flows.length === 1 && !is(from, GATEWAY) ? flows[0] : null);

    return from ? approvalAfter(from, flow) : readyApproval.add(null, null, freePlace());
  }

  function approvalAfter(source, flow, next) {
    makeRoom(source, readyApproval.width + GAP);

    return readyApproval.add(source, flow, null, next);
  }

  // a pool goes around everything, anything else beside it
  function createAlone(shape) {
    const root = canvas.getRootElement(),
          drawn = elementRegistry.filter(element => element.parent === root && !element.waypoints && !element.labelTarget);

    if (!is(shape, 'bpmn:Participant') || !drawn.length || !is(root, 'bpmn:Process')) {
      return modeling.createShape(shape, freePlace(), root);
    }

    const { x, y, width, height } = getBBox(drawn);

    Object.assign(shape, { width: Math.max(shape.width, width + 160), height: Math.max(shape.height, height + 120) });

    return modeling.createShape(shape, { x: x + width / 2, y: y + height / 2 }, root);
  }

  // beside everything that is drawn; on an empty canvas a little left of its middle
  function freePlace() {
    const shapes = elementRegistry.filter(element => element.parent && !element.waypoints && element.width),
          { x, y, width, height } = canvas.viewbox();

    return shapes.length
      ? { x: Math.min(...shapes.map(shape => shape.x)) + 50, y: Math.max(...shapes.map(shape => shape.y + shape.height)) + 100 }
      : { x: Math.round(x + width * .2), y: Math.round(y + height * .4) };
  }
}

Steps.$inject = [
  'elementRegistry', 'elementFactory', 'bpmnFactory', 'extensions', 'autoPlace', 'modeling', 'canvas', 'selection',
  'spaceTool', 'batch', 'readyApproval', 'config.designer', 'fields', 'injector'
];

export function isStep(element) {
  return isAny(element, STEP) && !element.labelTarget && !element.waypoints;
}

export function outgoingFlows(element) {
  return (element.outgoing || []).filter(flow => is(flow, 'bpmn:SequenceFlow'));
}

export function incomingFlows(element) {
  return (element.incoming || []).filter(flow => is(flow, 'bpmn:SequenceFlow'));
}

/** The steps that lead to this one, nearest first. */
export function stepsBefore(element) {
  const found = [],
        queue = [ element ];

  while (queue.length) {
    for (const { source } of incomingFlows(queue.shift())) {
      if (source && !found.includes(source)) {
        found.push(source);
        queue.push(source);
      }
    }
  }

  return found;
}


// local functions //////////

// those of the catalogue know it themselves
function mayFollow(kind, source) {
  return kind.follows ? kind.follows(source) : followers(source).some(({ id }) => id === kind.id);
}

function children(element) {
  return (element.children || []).filter(isStep);
}

function scopeOf(element) {
  return getBusinessObject(element).$parent;
}
