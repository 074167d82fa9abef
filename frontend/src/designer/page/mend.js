/** Mends a fault by the edit that the server's check offers (bpm/engine/lint/fixes.py), as one command of the modeler. */
import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';

const LOOPS = 'loopCharacteristics',
      GAP = 50;

/** Each gets { modeling, moddle, registry, elementFactory, bpmnFactory, bpmnReplace, canvas }, the place and the fix. */
const ACTIONS = {

  remove_element: ({ modeling, canvas }, { element, object }) => {
    if (element) {
      modeling.removeElements([ element ]);
    } else {
      const holder = holderOf(object);

      modeling.updateModdleProperties(canvas.getRootElement(), holder.object, { [ holder.name ]: holder.object.get(holder.name).filter(one => one !== object) });
    }
  },

  set_attribute: (parts, place, { name, value }) => update(parts, place, { [ name ]: typed(parts.moddle, place.object, name, value) }),

  remove_attribute: (parts, place, { name }) => update(parts, place, { [ name ]: undefined }),

  remove_loop_attribute: ({ modeling }, { element, object }, { name }) => modeling.updateModdleProperties(element, object[LOOPS], { [ name ]: undefined }),

  remove_condition: ({ modeling }, { element }) => modeling.updateProperties(element, { conditionExpression: undefined }),

  set_default_flow: ({ modeling, registry }, { element }, { flow }) => modeling.updateProperties(element, {
    default: registry.get(flow).businessObject
  }),

  change_gateway: ({ bpmnReplace }, { element }, { to }) => bpmnReplace.replaceElement(element, {
    type: `bpmn:${ to[0].toUpperCase() }${ to.slice(1) }`
  }),

  set_text: (parts, place, { child, value }) => writeExpression(parts, place, child, value),

  make_formal: (parts, place, { child }) => {
    const holder = holderOfChild(place.object, child);

    writeExpression(parts, place, child, holder.get(child).body);
  },

  bypass: ({ modeling }, { element }) => {
    const [ into ] = element.incoming,
          [ out ] = element.outgoing;

    modeling.reconnectEnd(into, out.target, out.waypoints.at(-1));
    modeling.removeElements([ element ]);
  },

  list_flows: ({ modeling }, { element, object }) => modeling.updateModdleProperties(element, object, {
    incoming: element.incoming.filter(isFlow).map(getBusinessObject), outgoing: element.outgoing.filter(isFlow).map(getBusinessObject)
  }),

  add_start_event: (parts, place) => addEvents(parts, looseSteps(parts, place, 'incoming').slice(0, 1), 'bpmn:StartEvent'),

  add_end_event: (parts, place) => addEvents(parts, looseSteps(parts, place, 'outgoing'), 'bpmn:EndEvent')
};

// what has to be there that an edit can be made
const NEEDS = {
  bypass: ({ element }) => element?.incoming.length === 1 && element.outgoing.length === 1,
  remove_loop_attribute: ({ element, object }) => element && object[LOOPS],
  set_text: ({ object }, { child }) => holderOfChild(object, child),
  make_formal: ({ object }, { child }) => holderOfChild(object, child)?.get(child),
  set_default_flow: ({ element }, { flow }, { registry }) => element && registry.get(flow),
  set_attribute: () => true,
  remove_attribute: () => true,
  remove_element: ({ element, object }, fix, { canvas }) => element ? element !== canvas.getRootElement() : holderOf(object),
  add_start_event: (place, fix, parts) => looseSteps(parts, place, 'incoming').length > 0,
  add_end_event: (place, fix, parts) => looseSteps(parts, place, 'outgoing').length > 0
};

/**
 * @param {Modeler} modeler
 * @param {Object|null} fix field of a problem
 * @return {boolean} whether the fault can be mended here
 */
export function canMend(modeler, fix) {
  const place = fix && placeOf(modeler, fix.element),
        needs = NEEDS[fix?.action] || (({ element }) => element);

  return Boolean(place && ACTIONS[fix.action] && needs(place, fix, partsOf(modeler)));
}

/**
 * @param {Modeler} modeler
 * @param {Object} fix field of a problem
 */
export function mend(modeler, fix) {
  modeler.get('batch').run(() => ACTIONS[fix.action](partsOf(modeler), placeOf(modeler, fix.element), fix));
}


// local functions //////////

function partsOf(modeler) {
  const names = [ 'modeling', 'moddle', 'elementFactory', 'bpmnFactory', 'bpmnReplace', 'canvas' ];

  return { ...Object.fromEntries(names.map(name => [ name, modeler.get(name) ])), registry: modeler.get('elementRegistry') };
}

/** What the server calls by an id: mostly something drawn, else a part of the file such as a message or a timer. */
function placeOf(modeler, id) {
  const element = modeler.get('elementRegistry').get(id),
        object = element ? getBusinessObject(element) : find(modeler.getDefinitions(), id);

  return object && { element: element || drawnAround(modeler, object), object, isDrawn: Boolean(element) };
}

function drawnAround(modeler, object) {
  const registry = modeler.get('elementRegistry');

  for (let parent = object.$parent; parent; parent = parent.$parent) {
    if (parent.$type.endsWith('EventDefinition') || object.$type.endsWith('EventDefinition')) {
      const element = parent.id && registry.get(parent.id);

      if (element) {
        return element;
      }
    }
  }
}

function find(object, id) {
  for (const { name, isReference, isAttr } of object.$descriptor.properties) {
    for (const child of isReference || isAttr ? [] : [ object.get(name) ].flat()) {
      const found = child?.$descriptor && !name.startsWith('di') && (child.id === id ? child : find(child, id));

      if (found) {
        return found;
      }
    }
  }
}

/** The list that a part of the file stands in. */
function holderOf(object) {
  const parent = object.$parent,
        property = parent?.$descriptor.properties.find(({ name, isMany, isReference }) => isMany && !isReference && parent.get(name).includes(object));

  return property && { object: parent, name: property.name };
}

/** The object, at or below an element, that has an expression of this name. */
function holderOfChild(object, child) {
  if (object.$descriptor.propertiesByName[child]) {
    return object;
  }

  return [ ...object.eventDefinitions || [], object[LOOPS] ].find(one => one?.get(child) || one?.$descriptor.propertiesByName[child]);
}

function writeExpression({ modeling, bpmnFactory, canvas }, { element, object }, child, body) {
  const holder = holderOfChild(object, child),
        expression = bpmnFactory.create('bpmn:FormalExpression', { body });

  expression.$parent = holder;

  modeling.updateModdleProperties(element || canvas.getRootElement(), holder, { [ child ]: expression });
}

function update({ modeling, canvas }, { element, object, isDrawn }, properties) {
  if (isDrawn) {
    modeling.updateProperties(element, properties);
  } else {
    modeling.updateModdleProperties(canvas.getRootElement(), object, properties);
  }
}

// attributes are text in the server's answer and of their own type in the model
function typed(moddle, object, name, value) {
  const { type } = object.$descriptor.propertiesByName[name] || {};

  return type === 'Boolean' ? value === 'true' : type === 'Integer' ? Number(value) : value;
}

function isFlow(connection) {
  return is(connection, 'bpmn:SequenceFlow');
}

/** The steps without a way on (or to them): the element itself, or, of a process, all that stand in it. */
function looseSteps({ registry }, { element, object, isDrawn }, side) {
  const isHolder = is(object, 'bpmn:FlowElementsContainer') || is(object, 'bpmn:Participant'),
        isLoose = step => step && is(step, 'bpmn:FlowNode') && !step.labelTarget && !step[side].some(isFlow)
          && !is(step, side === 'incoming' ? 'bpmn:BoundaryEvent' : 'bpmn:EndEvent')
          && !is(step, side === 'incoming' ? 'bpmn:EndEvent' : 'bpmn:StartEvent')
          && !getBusinessObject(step).isForCompensation && !getBusinessObject(step).triggeredByEvent;

  if (isDrawn && !isHolder || isLoose(element) && element.outgoing.length + element.incoming.length) {
    return [ element ].filter(isLoose);
  }

  const process = object.processRef || object;

  return registry.filter(step => isLoose(step) && getBusinessObject(step).$parent === process);
}

function addEvents({ modeling, elementFactory }, steps, type) {
  for (const step of steps) {
    const event = elementFactory.createShape({ type }),
          isStart = type === 'bpmn:StartEvent',
          x = isStart ? step.x - GAP - event.width / 2 : step.x + step.width + GAP + event.width / 2,
          place = is(step, 'bpmn:BoundaryEvent') ? { x: step.x + step.width / 2, y: step.y + step.height + GAP + event.height / 2 } : { x, y: step.y + step.height / 2 },
          made = modeling.createShape(event, place, is(step, 'bpmn:BoundaryEvent') ? step.host.parent : step.parent);

    modeling.connect(isStart ? made : step, isStart ? step : made);
  }
}
