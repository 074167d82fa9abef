import { getBusinessObject, is, isAny } from 'bpmn-js/lib/util/ModelUtil';

import { followers } from './kinds';

const STEP = [ 'bpmn:FlowNode' ],
      GATEWAY = 'bpmn:Gateway',
      GAP = 60;

/**
 * Steps in the order in which they are done, and changes made without the mouse: add a step after another, connect,
 * disconnect. Each change is one undo step.
 */
export default function Steps(
    elementRegistry, elementFactory, bpmnFactory, extensions, autoPlace, modeling, canvas, selection, spaceTool, batch) {

  /** Make a shape of a kind (see kinds.js) with what it starts with. */
  this.create = kind => {
    const businessObject = bpmnFactory.create(kind.type, kind.label ? { name: kind.label } : {});

    if (kind.extensions) {
      const container = bpmnFactory.create('bpmn:ExtensionElements');

      container.$parent = businessObject;
      container.values = kind.extensions().map(([ type, props ]) => extensions.create(type, props));
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
    const shape = this.create(kind);

    if (!source || !followers(source).some(({ id }) => id === kind.id)) {
      return modeling.createShape(shape, freePlace(), canvas.getRootElement());
    }

    const [ flow, ...others ] = outgoingFlows(source),
          between = flow && !others.length && !is(source, GATEWAY) && kind.type !== 'bpmn:EndEvent';

    return between ? insert(shape, source, flow) : autoPlace.append(source, shape);
  });

  /** Begin what is done within a sub-process. */
  this.addInside = (subProcess, kind) => {
    const position = { x: subProcess.x + 60, y: subProcess.y + subProcess.height / 2 };

    return modeling.createShape(this.create(kind), position, subProcess);
  };

  /** Put a timer, message or error at the lower edge of a step, as far right as there is room. */
  this.addBoundary = (host, kind) => batch.run(() => {
    const shape = elementFactory.createShape({ type: 'bpmn:BoundaryEvent', eventDefinitionType: kind.event }),
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

  function makeRoom(source, width) {
    const start = source.x + source.width + 1,
          shapes = elementRegistry.filter(element => element.parent && !element.waypoints && !element.labelTarget),
          { movingShapes, resizingShapes } = spaceTool.calculateAdjustments(shapes, 'x', width, start);

    if (movingShapes.length || resizingShapes.length) {
      spaceTool.makeSpace(movingShapes, resizingShapes, { x: width, y: 0 }, 'e', start);
    }
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
  'spaceTool', 'batch'
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

function children(element) {
  return (element.children || []).filter(isStep);
}

function scopeOf(element) {
  return getBusinessObject(element).$parent;
}
