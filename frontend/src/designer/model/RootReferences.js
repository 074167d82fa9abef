import CommandInterceptor from 'diagram-js/lib/command/CommandInterceptor';

import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';

const CHANGES = [ 'shape.create', 'element.updateProperties', 'element.updateModdleProperties' ],
      LOW_PRIORITY = 500;

const PROPERTIES = {
  'bpmn:ReceiveTask': 'messageRef',
  'bpmn:SendTask': 'messageRef',
  'bpmn:MessageEventDefinition': 'messageRef',
  'bpmn:SignalEventDefinition': 'signalRef',
  'bpmn:ErrorEventDefinition': 'errorRef',
  'bpmn:EscalationEventDefinition': 'escalationRef'
};

/**
 * Declares the messages, signals, errors and escalations that a step refers to, and takes them along when it is copied.
 *
 * In the place of bpmn-js's own, which looks at the first trigger of an event only and fails at a timer that has a
 * message beside it (BPMN 2.0, 10.5: an event may have several triggers).
 */
export default class RootReferences extends CommandInterceptor {

  constructor(eventBus, bpmnjs, moddleCopy, bpmnFactory) {
    super(eventBus);

    const declared = () => bpmnjs.getDefinitions().get('rootElements'),
          isDeclared = root => declared().some(({ id }) => id === root.id);

    this.executed(CHANGES, context => {
      context.declared = references(context.shape || context.element).map(({ root }) => root).filter(root => !isDeclared(root));
      declared().push(...new Set(context.declared));
    }, true);

    this.reverted(CHANGES, context => {
      for (const root of context.declared.filter(root => declared().includes(root))) {
        declared().splice(declared().indexOf(root), 1);
      }
    }, true);

    eventBus.on('copyPaste.copyElement', ({ descriptor, element }) => {
      descriptor.rootReferences = references(element).map(({ holder, root }) => ({ type: holder.$type, root }));
    });

    eventBus.on('copyPaste.pasteElement', LOW_PRIORITY, ({ descriptor }) => {
      const holders = holdersOf(descriptor.businessObject);

      for (const { type, root } of descriptor.rootReferences || []) {
        holders.find(({ $type }) => $type === type)?.set(PROPERTIES[type],
          isDeclared(root) ? root : moddleCopy.copyElement(root, bpmnFactory.create(root.$type)));
      }

      delete descriptor.rootReferences;
    });
  }
}

RootReferences.$inject = [ 'eventBus', 'bpmnjs', 'moddleCopy', 'bpmnFactory' ];


// local functions //////////

/** What an element refers to: { holder, root } of the step itself or of each trigger. */
function references(element) {
  return element.labelTarget ? [] : holdersOf(getBusinessObject(element))
    .map(holder => ({ holder, root: holder.get(PROPERTIES[holder.$type]) })).filter(({ root }) => root);
}

function holdersOf(object) {
  const own = is(object, 'bpmn:Event') ? object.get('eventDefinitions') || [] : [ object ];

  return own.filter(({ $type }) => PROPERTIES[$type]);
}
