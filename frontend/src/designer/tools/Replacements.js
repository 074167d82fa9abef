import { is } from 'bpmn-js/lib/util/ModelUtil';

// these come first, in this order; the others stand below under their own heading
const FIRST = [
  'user-task', 'send-task', 'service-task', 'rule-task', 'script-task', 'call-activity', 'exclusive-gateway', 'parallel-gateway',
  'inclusive-gateway', 'event-based-gateway', 'none-start', 'timer-start', 'message-start', 'none-end', 'terminate-end',
  'timer-intermediate-catch', 'message-intermediate-catch', 'timer-boundary', 'message-boundary', 'error-boundary',
  'expanded-subprocess', 'subprocess', 'sequence-flow', 'default-flow'
].map(name => `replace-with-${ name }`);

// what hides its content, and what is done by rows of conditions instead
const LEFT_OUT = /collapsed|empty-pool|conditional-flow/;

/** What an element can become, as far as the engine runs it; each is one undo step. */
export default function Replacements(replaceMenuProvider, batch, elementRegistry, selection) {

  /** @return { { id: string, name: string, icon: string, first: boolean, replace: () => Shape }[] } */
  this.of = element => {
    if (element.labelTarget || is(element, 'bpmn:Lane') || is(element, 'bpmn:Participant')) {
      return [];
    }

    const entries = replaceMenuProvider.getPopupMenuEntries(element);

    return Object.entries(entries).filter(([ id ]) => this.isOffered(id)).map(([ id, { label, className, action } ]) => ({
      id, name: label, icon: className, first: this.isFirst(id),
      replace: () => {
        const made = batch.run(() => action({ type: 'click' }));

        return made?.id ? made : elementRegistry.get(element.id) || selection.get()[0];
      }
    })).sort((a, b) => rank(a.id) - rank(b.id));
  };

  this.isOffered = id => id.startsWith('replace-with') && !LEFT_OUT.test(id);

  this.isFirst = id => FIRST.includes(id);
}

Replacements.$inject = [ 'replaceMenuProvider', 'batch', 'elementRegistry', 'selection' ];


// local functions //////////

function rank(id) {
  const place = FIRST.indexOf(id);

  return place < 0 ? FIRST.length : place;
}
