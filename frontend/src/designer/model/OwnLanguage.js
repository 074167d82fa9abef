import { getBusinessObject } from 'bpmn-js/lib/util/ModelUtil';
import CommandInterceptor from 'diagram-js/lib/command/CommandInterceptor';

import { allExtensionsOf, plain } from './Extensions';

const RENAMINGS = [ 'element.updateProperties', 'element.updateLabel' ];

/**
 * A drawing made in another language than English carries its names among the translations too. Who renames a step
 * means both, wherever it is renamed; it stays one undo step.
 */
export default function OwnLanguage(eventBus, extensions) {
  CommandInterceptor.call(this, eventBus);

  this.preExecute(RENAMINGS, ({ context }) => {
    context.nameBefore = getBusinessObject(context.element).name;
  });

  this.postExecuted(RENAMINGS, ({ context: { element, nameBefore } }) => {
    const object = getBusinessObject(element),
          translations = allExtensionsOf(object, 'bpm:Translation');

    if (object.name && object.name !== nameBefore && translations.some(({ name }) => name && name === nameBefore)) {
      extensions.writeAll(element.labelTarget || element, 'bpm:Translation', translations.map(one => followed(plain(one), 'name', nameBefore, object.name)), object);
    }
  });
}

OwnLanguage.prototype = Object.create(CommandInterceptor.prototype);
OwnLanguage.$inject = [ 'eventBus', 'extensions' ];

/** A translation whose text was the one that is drawn has the new one too. */
export function followed(translation, part, before, after) {
  return translation[part] === before ? { ...translation, [part]: after } : translation;
}
