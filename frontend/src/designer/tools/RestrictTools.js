import { is } from 'bpmn-js/lib/util/ModelUtil';

import { boundaryKinds, kinds } from '../model/kinds';

// what the engine runs; everything else is not offered
const CONTEXT_PAD = /^(replace|connect|delete|lane-.*)$/,
      APPENDED = [ 'approval', 'letter', 'exclusive', 'end' ],
      APPENDED_TO_EVENT_GATEWAY = [ 'wait', 'message' ];

const REPLACED = [
  'user-task', 'service-task', 'send-task', 'rule-task', 'script-task', 'receive-task', 'call-activity',
  'exclusive-gateway', 'parallel-gateway', 'inclusive-gateway', 'event-based-gateway',
  'none-start', 'timer-start', 'message-start', 'signal-start', 'none-end', 'terminate-end', 'error-end', 'message-end',
  'timer-intermediate-catch', 'message-intermediate-catch', 'signal-intermediate-catch', 'message-intermediate-throw',
  'signal-intermediate-throw', 'none-intermediate-throw',
  'timer-boundary', 'non-interrupting-timer-boundary', 'message-boundary', 'non-interrupting-message-boundary',
  'error-boundary', 'escalation-boundary', 'non-interrupting-escalation-boundary',
  'expanded-subprocess', 'sequence-flow', 'default-flow'
].map(name => `replace-with-${ name }`);

// providers run from high to low priority: a late one sees, and may filter, what the others offer
const LATE = 500;

/**
 * Offers only what the engine runs, under plain names, in the context pad and the replace menu. The palette is our own
 * (outline/Palette.js). Pasted or imported diagrams can hold anything: the server refuses what it cannot run.
 */
export default function RestrictTools(contextPad, popupMenu, steps, selection) {

  contextPad.registerProvider(LATE, {
    getContextPadEntries: element => entries => ({
      ...appendEntries(element, entries),
      ...filter(entries, id => CONTEXT_PAD.test(id)),
      ...boundaryEntries(element)
    }),
    getMultiElementContextPadEntries: () => entries => filter(entries, id => CONTEXT_PAD.test(id) || id === 'align-elements')
  });

  popupMenu.registerProvider('bpmn-replace', LATE, {
    getPopupMenuEntries: () => entries => filter(entries, id => REPLACED.includes(id)),
    getPopupMenuHeaderEntries: () => () => ({})
  });

  function appendEntries(element, entries) {
    const ids = is(element, 'bpmn:EventBasedGateway') ? APPENDED_TO_EVENT_GATEWAY : 'append.end-event' in entries ? APPENDED : [];

    return Object.fromEntries(kinds().filter(({ id }) => ids.includes(id)).map(kind => [ `append.${ kind.id }`, {
      group: 'model',
      className: `bpmn-icon-${ kind.icon }`,
      title: kind.name,
      action: { click: (event, source) => selection.select(steps.addAfter(source, kind)) }
    } ]));
  }

  function boundaryEntries(element) {
    if (!is(element, 'bpmn:Activity') || element.labelTarget) {
      return {};
    }

    return Object.fromEntries(boundaryKinds().slice(0, 2).map(kind => [ `boundary.${ kind.id }`, {
      group: 'boundary',
      className: `bpmn-icon-${ kind.icon }`,
      title: kind.name,
      action: { click: (event, host) => selection.select(steps.addBoundary(host, kind)) }
    } ]));
  }
}

RestrictTools.$inject = [ 'contextPad', 'popupMenu', 'steps', 'selection' ];


// local functions //////////

function filter(entries, keep) {
  return Object.fromEntries(Object.entries(entries).filter(([ id ]) => keep(id)));
}
