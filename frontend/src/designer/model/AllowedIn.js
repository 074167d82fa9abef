/**
 * Keeps a bpm: extension element out of copies and replacements whose type it does not belong to. bpmn-js itself does
 * not read meta.allowedIn.
 */
export default function AllowedIn(eventBus, moddle) {

  eventBus.on('moddleCopy.canCopyProperty', ({ property, parent }) => {
    const owner = parent?.$type === 'bpmn:ExtensionElements' && parent.$parent;

    // false leaves the element out; undefined lets others decide
    if (owner && property?.$type?.startsWith('bpm:') && !isAllowed(property, owner)) {
      return false;
    }
  });

  function isAllowed(value, owner) {
    const types = moddle.getTypeDescriptor(value.$type)?.meta?.allowedIn;

    return !types || types.some(type => owner.$instanceOf(type));
  }
}

AllowedIn.$inject = [ 'eventBus', 'moddle' ];
