import { t } from '../../../shared/texts';

/** Events that can be told from within a repeated step; property: the reference, declared: what it refers to. */
export const THROWN = [
  { id: 'bpmn:SignalEventDefinition', property: 'signalRef', declared: 'bpmn:Signal', text: () => t('Signal') },
  { id: 'bpmn:MessageEventDefinition', property: 'messageRef', declared: 'bpmn:Message', text: () => t('Message') },
  { id: 'bpmn:EscalationEventDefinition', property: 'escalationRef', declared: 'bpmn:Escalation', code: 'escalationCode', text: () => t('Escalation') }
];

/** All messages, signals, errors or escalations that the diagram declares. */
export function declared({ process }, type) {
  return process.$parent.get('rootElements').filter(({ $type }) => $type === type);
}

/**
 * Messages, signals and errors are declared once per diagram and shared by those who use the same name. Return the one
 * of this name, declared now if it was not; undefined without a name. To be called within a batch.
 */
export function named(context, type, name, code) {
  if (!name) {
    return undefined;
  }

  const { bpmnFactory, canvas, modeling, process } = context,
        known = declared(context, type).find(one => one.name === name),
        definitions = process.$parent;

  if (known) {
    return known;
  }

  const made = bpmnFactory.create(type, { name, ...(code ? { [code]: name } : {}) });

  made.$parent = definitions;
  modeling.updateModdleProperties(canvas.getRootElement(), definitions, { rootElements: [ ...definitions.get('rootElements'), made ] });

  return made;
}
