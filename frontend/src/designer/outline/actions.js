import { is } from 'bpmn-js/lib/util/ModelUtil';

import { t } from '../../shared/texts';
import { boundaryKinds, followers, kinds } from '../model/kinds';
import { isStep, outgoingFlows } from '../model/Steps';
import { el, icon } from '../side-panel/controls';
import { stepName } from '../side-panel/sections/ways';
import { branchKinds } from './Edits';

/**
 * @typedef { { id: string, name: string, keys?: string, icon?: string, run?: () => void, choices?: () => Action[] } } Action choices:
 * what to choose from next
 */

/** What can be done with a step, in the order in which one wants it. */
export function stepActions(element, { edits, done, edit, replacements, moreKinds }) {
  const flows = outgoingFlows(element),
        parts = is(element, 'bpmn:Gateway') && flows.length > 1,
        offered = followers(element),
        added = kind => done(parts ? edits.addWay(element, kind, byId('end')) : edits.addAfter(element, kind)),
        branches = branchKinds(kinds());

  return [
    { id: 'edit', name: t('Set it up'), keys: t('Enter'), run: () => edit(element) },
    offered.length && {
      id: 'add', name: parts ? t('Add a way that begins with…') : t('Add a step after this…'), keys: '+',
      choices: () => kindChoices(offered, moreKinds(element), added)
    },
    offered.length && !is(element, 'bpmn:Gateway') && flows.length < 2 && {
      id: 'branch', name: t('Let the ways part after this…'), choices: () => branches.map(kind => ({
        id: kind.id, name: kind.name, icon: kind.icon, run: () => done(edits.addBranch(element, kind, byId('task')))
      }))
    },
    is(element, 'bpmn:SubProcess') && !element.children.some(isStep) && {
      id: 'inside', name: t('Begin what is done inside'), run: () => done(edits.addInside(element, byId('start')))
    },
    is(element, 'bpmn:Activity') && {
      id: 'meanwhile', name: t('Add what may happen meanwhile…'),
      choices: () => boundaryKinds().map(kind => ({ ...kind, run: () => done(edits.addBoundary(element, kind)) }))
    },
    offered.length && !flows.length && edits.targets(element).length && {
      id: 'lead', name: t('Go on at…'), choices: () => targetChoices(edits.targets(element), target => done(edits.leadTo(element, target)))
    },
    { id: 'rename', name: t('Rename'), keys: 'F2', run: () => edit(element, 'name') },
    is(element, 'bpmn:UserTask') && { id: 'who', name: t('Choose who does it'), run: () => edit(element, 'assignment-to') },
    replacements(element).length && { id: 'change', name: t('Make it something else…'), choices: () => replacements(element) },
    edits.canMove(element, -1) && { id: 'up', name: t('Move up'), keys: 'Alt+↑', run: () => done(edits.move(element, -1), true) },
    edits.canMove(element, 1) && { id: 'down', name: t('Move down'), keys: 'Alt+↓', run: () => done(edits.move(element, 1), true) },
    {
      id: 'remove', name: parts ? t('Delete with all its ways') : t('Delete'), keys: t('Del'), run: () => done(edits.remove(element), true)
    }
  ].filter(Boolean);
}

/** What can be done with a way. */
export function wayActions(flow, { edits, done, edit, moreKinds }) {
  const kindsHere = followers(flow.source),
        decides = is(flow.source, 'bpmn:ExclusiveGateway') || is(flow.source, 'bpmn:InclusiveGateway');

  return [
    decides && { id: 'edit', name: t('Set when this way is taken'), keys: t('Enter'), run: () => edit(flow) },
    {
      id: 'add', name: t('Add a step at the beginning of this way…'), keys: '+',
      choices: () => kindChoices(kindsHere, moreKinds(flow.source), kind => done(edits.addToWay(flow, kind)))
    },
    edits.targets(flow).length && {
      id: 'lead', name: t('Go on at…'), choices: () => targetChoices(edits.targets(flow), target => done(edits.leadTo(flow, target), true))
    },
    { id: 'rename', name: t('Write a word at the arrow'), keys: 'F2', run: () => edit(flow, 'name') },
    { id: 'remove', name: t('Delete this way'), keys: t('Del'), run: () => done(edits.removeWay(flow), true) }
  ].filter(Boolean);
}

/** A button that opens the actions; they are drawn when it is opened. */
export function actionMenu(name, label, actions) {
  const list = el('ul', { role: 'list' }),
        summary = el('summary', { 'aria-label': label, title: label, textContent: '⋯' }),
        node = el('details', { className: 'bpm-menu bpm-step-menu', 'data-menu': '', 'data-name': name }, summary, list);

  node.addEventListener('toggle', () => {
    if (!node.open) {
      list.replaceChildren();
    } else if (!list.childElementCount) {
      show(actions());
    }
  });

  return node;

  function show(items, back) {
    list.replaceChildren(
      ...(back ? [ entry({ id: 'back', name: '← ' + back.name }, event => { stay(event); show(actions()); focusEntry(back.id); }) ] : []),
      ...items.map(action => action.group && !action.run && !action.choices
        ? el('li', { className: 'bpm-menu-group', textContent: action.group })
        : entry(action, event => pick(action, event))));

    if (back) {
      list.querySelectorAll('button')[1]?.focus();
    }
  }

  // the button that was pressed is gone then: the page must not take it for a click beside the menu
  function stay(event) {
    event.stopPropagation();
  }

  function pick(action, event) {
    if (action.choices) {
      stay(event);

      return show(action.choices(), action);
    }

    node.open = false;
    action.run();
  }

  function entry({ id, name, keys, icon: sign }, onclick) {
    return el('li', {}, el('button', { type: 'button', className: 'bpm-menu-item', name: `${ node.dataset.name }-${ id }`, 'data-action-id': id, onclick },
      sign && icon(sign.startsWith('bpmn-icon') ? sign : `bpmn-icon-${ sign }`), el('span', { textContent: name }), keys && el('kbd', { textContent: keys, 'aria-hidden': 'true' })));
  }

  function focusEntry(id) {
    list.querySelector(`[data-action-id="${ CSS.escape(id) }"]`)?.focus();
  }
}

/** Open a menu at one of its actions, as a key does. */
export function openAt(menu, id) {
  menu.open = true;
  menu.dispatchEvent(new Event('toggle'));
  menu.querySelector(`[data-action-id="${ CSS.escape(id) }"]`)?.click();
}


// local functions //////////

function kindChoices(first, groups, run) {
  const choice = kind => ({ id: kind.id, name: kind.name, icon: kind.icon, run: () => run(kind) });

  return [
    ...first.map(choice),
    ...groups.flatMap(({ name, kinds }) => [ { group: name }, ...kinds.map(choice) ])
  ];
}

function targetChoices(targets, run) {
  return targets.map(target => ({ id: target.id, name: stepName(target), run: () => run(target) }));
}

function byId(id) {
  return kinds().find(kind => kind.id === id);
}
