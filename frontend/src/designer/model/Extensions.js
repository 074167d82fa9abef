import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';

/**
 * Reads and writes our extension elements, every change undoable.
 *
 * The owner of an extension element is a model object (a step, a flow, the process, an event definition); the element
 * is what is drawn and changed with it.
 */
export default function Extensions(bpmnFactory, modeling) {

  /**
   * Replace the owner's extension element of the given type, or remove it if there are no props.
   *
   * Undo restores the old container object, so the change goes into a new one.
   *
   * @param {Element} element
   * @param {string} type e.g. 'bpm:Outcomes'
   * @param {Object|null} props nested elements carry $type: { outcomes: [ { $type: 'bpm:Outcome', key: 'approve' } ] }
   * @param {ModdleElement} [owner] the element's own model object by default
   */
  this.write = (element, type, props, owner = getBusinessObject(element)) => {
    this.writeAll(element, type, props ? [ props ] : [], owner);
  };

  /** The same for elements that may stand there several times, such as bpm:Translation. */
  this.writeAll = (element, type, list, owner = getBusinessObject(element)) => {
    const container = bpmnFactory.create('bpmn:ExtensionElements'),
          others = extensionsOf(owner).filter(value => !is(value, type));

    container.$parent = owner;
    container.values = [ ...others, ...list.map(props => this.create(type, props)) ];
    container.values.forEach(value => { value.$parent = container; });

    modeling.updateModdleProperties(element, owner, {
      extensionElements: container.values.length ? container : undefined
    });
  };

  /** Make an element of the model with everything in it. */
  this.create = (type, props) => {
    const node = bpmnFactory.create(type);

    for (const [ name, value ] of Object.entries(props)) {
      node.set(name, Array.isArray(value) ? value.map(child => this.createChild(child, node)) : value || undefined);
    }

    return node;
  };

  this.createChild = ({ $type, ...props }, parent) => {
    const child = this.create($type, props);

    child.$parent = parent;

    return child;
  };
}

Extensions.$inject = [ 'bpmnFactory', 'modeling' ];

/** Return the one extension element of the given type, if any. */
export function extensionOf(owner, type) {
  return extensionsOf(owner).find(value => is(value, type));
}

export function allExtensionsOf(owner, type) {
  return extensionsOf(owner).filter(value => is(value, type));
}

/** Return its attributes as plain data, with defaults; nested lists are copied too. */
export function plain(node, defaults = {}) {
  const data = { ...defaults };

  for (const { name, ns } of node?.$descriptor.properties || []) {
    const value = node.get(name);

    if (Array.isArray(value)) {
      data[ns.localName] = value.map(child => ({ $type: child.$type, ...plain(child) }));
    } else if (value !== undefined) {
      data[ns.localName] = value;
    }
  }

  return data;
}


// local functions //////////

function extensionsOf(owner) {
  return owner?.get('extensionElements')?.get('values') || [];
}
