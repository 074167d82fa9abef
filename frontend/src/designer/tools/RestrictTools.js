import { is } from 'bpmn-js/lib/util/ModelUtil';

import { t } from '../../shared/texts';
import { boundaryKinds, kinds } from '../model/kinds';

const CONTEXT_PAD = /^(replace|connect|delete|lane-.*)$/,
      APPENDED = [ 'approval', 'letter', 'exclusive', 'end' ],
      APPENDED_TO_EVENT_GATEWAY = [ 'wait', 'message' ];

// providers run from high to low priority: a late one sees, and may filter, what the others offer
const LATE = 500;

/**
 * Offers only what the engine runs, what is used most first, in the context pad and the replace menu. The palette is
 * our own (outline/Palette.js). Pasted or imported diagrams can hold anything: the server refuses what it cannot run.
 */
export default function RestrictTools(contextPad, popupMenu, steps, selection, replacements) {

  contextPad.registerProvider(LATE, {
    getContextPadEntries: element => entries => ({
      ...appendEntries(element, entries),
      ...filter(entries, id => CONTEXT_PAD.test(id)),
      ...boundaryEntries(element)
    }),
    getMultiElementContextPadEntries: () => entries => filter(entries, id => CONTEXT_PAD.test(id) || id === 'align-elements')
  });

  popupMenu.registerProvider('bpmn-replace', LATE, {
    getPopupMenuEntries: () => entries => inGroups(filter(entries, replacements.isOffered)),

    // repetition, interrupting and the like are asked in the side panel
    getPopupMenuHeaderEntries: () => () => ({})
  });

  function inGroups(entries) {
    const more = { id: 'more', name: t('More') },
          list = Object.entries(entries),
          common = list.filter(([ id ]) => replacements.isFirst(id)),
          others = list.filter(([ id ]) => !replacements.isFirst(id));

    return Object.fromEntries([ ...common, ...others.map(([ id, entry ]) => [ id, common.length ? { ...entry, group: more } : entry ]) ]);
  }

  function appendEntries(element, entries) {
    const ids = is(element, 'bpmn:EventBasedGateway') ? APPENDED_TO_EVENT_GATEWAY : 'append.end-event' in entries ? APPENDED : [];

    return Object.fromEntries(kinds().filter(({ id }) => ids.includes(id)).map(kind => [ `append.${ kind.id }`, {
      group: 'model',
      className: `bpmn-icon-${ kind.icon }`,
      title: kind.name,
      action: { click: (event, source) => selection.select(steps.addArranged(source, kind)) }
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

RestrictTools.$inject = [ 'contextPad', 'popupMenu', 'steps', 'selection', 'replacements' ];


// local functions //////////

function filter(entries, keep) {
  return Object.fromEntries(Object.entries(entries).filter(([ id ]) => keep(id)));
}
