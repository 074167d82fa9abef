/** Mends a fault by the edit that the server's check offers, as commands of the modeler: each can be undone. */

const ACTIONS = {

  remove_element: ({ modeling }, element) => modeling.removeElements([ element ]),

  set_attribute: ({ modeling, moddle }, element, { name, value }) => modeling.updateProperties(element, {
    [ name ]: typed(moddle, element, name, value)
  }),

  remove_attribute: ({ modeling }, element, { name }) => modeling.updateProperties(element, { [ name ]: undefined }),

  remove_condition: ({ modeling }, element) => modeling.updateProperties(element, { conditionExpression: undefined }),

  set_default_flow: ({ modeling, registry }, element, { flow }) => modeling.updateProperties(element, {
    default: registry.get(flow).businessObject
  }),

  change_gateway: ({ bpmnReplace }, element, { to }) => bpmnReplace.replaceElement(element, {
    type: `bpmn:${ to[0].toUpperCase() }${ to.slice(1) }`
  }),

  add_end_event: ({ autoPlace, elementFactory, modeling }, element) => {
    const end = elementFactory.createShape({ type: 'bpmn:EndEvent' });

    if (autoPlace) {
      autoPlace.append(element, end);
    } else {
      modeling.appendShape(element, end, { x: element.x + element.width + 80, y: element.y + element.height / 2 });
    }
  }
};

// attributes are text in the server's answer and of their own type in the model
function typed(moddle, element, name, value) {
  const { type } = moddle.getPropertyDescriptor(element.businessObject, name) || {};

  return type === 'Boolean' ? value === 'true' : type === 'Integer' ? Number(value) : value;
}

/**
 * @param {Modeler} modeler
 * @param {Object|null} fix field of a problem
 * @return {boolean} whether the fault can be mended here
 */
export function canMend(modeler, fix) {
  const registry = modeler.get('elementRegistry'),
        element = fix && registry.get(fix.element);

  return Boolean(element && ACTIONS[fix.action]
    && (fix.action !== 'add_end_event' || element.parent && 'incoming' in element && element.type !== 'bpmn:SubProcess')
    && (fix.action !== 'set_default_flow' || registry.get(fix.flow)));
}

/**
 * @param {Modeler} modeler
 * @param {Object} fix field of a problem
 */
export function mend(modeler, fix) {
  const parts = {
    modeling: modeler.get('modeling'),
    moddle: modeler.get('moddle'),
    registry: modeler.get('elementRegistry'),
    elementFactory: modeler.get('elementFactory'),
    bpmnReplace: modeler.get('bpmnReplace'),
    autoPlace: modeler.get('autoPlace', false)
  };

  ACTIONS[fix.action](parts, parts.registry.get(fix.element), fix);
}
