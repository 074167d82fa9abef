import { is } from 'bpmn-js/lib/util/ModelUtil';

import { bring } from '../../shared/fit';
import { t } from '../../shared/texts';
import { kindIcon, kindName, kinds } from '../model/kinds';
import { isStep } from '../model/Steps';
import { checkbox, el, icon, menu } from '../side-panel/controls';
import { stepName } from '../side-panel/sections/ways';
import { actionMenu, openAt, stepActions, wayActions } from './actions';
import { Kept, place } from './kept';
import { readStructure } from './structure';
import { wayWords, whoWords } from './words';

const ROW = '.bpm-step';

/**
 * The process as a nested list of steps that can be read and edited: the diagram for those who use the keyboard, a
 * screen reader or a phone. Plain lists with buttons, which every screen reader tells with their depth and number.
 */
export default function Outline(
    config, eventBus, steps, edits, arranging, replacements, catalogue, fields, selection, canvas, sidePanel, elementRegistry) {

  const { outline, showPanel, server } = config,
        kept = new Kept();

  let problems = new Map(),
      pending = false,
      frame,
      timer;

  eventBus.on([ 'commandStack.changed', 'import.done', 'bpm.drawing.opened' ], renderSoon);
  eventBus.on('selection.changed', () => selectionChanged());

  eventBus.on('bpm.problems', event => {
    problems = new Map(event.problems.map(problem => [ problem.element, problem ]));
    renderSoon();
  });

  outline.addEventListener('keydown', onKey);

  // a list that is drawn anew would close the menu in which somebody chooses
  outline.addEventListener('toggle', event => pending && !event.target.open && renderSoon(), true);

  // one row is a stop of the Tab key; the arrows go to the others
  outline.addEventListener('focusin', ({ target }) => {
    const row = target.closest('.bpm-outline-row');

    if (row) {
      makeStop(row);
    }
  });

  const context = {
    edits,
    replacements: element => replacements.of(element).map(entry => ({ ...entry, run: () => done(entry.replace(), true) })),
    moreKinds: source => catalogue.groupsAfter(source),
    edit: (element, control) => open(element, control || true),
    done
  };

  function renderSoon() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      pending = !!outline.querySelector('details[data-menu][open]');

      if (!pending) {
        render();
      }
    });
  }

  function render() {
    const focused = outline.contains(document.activeElement) && document.activeElement.closest('.bpm-outline-row')?.dataset.row,
          known = fields.all(),
          top = elementRegistry.filter(element => isStep(element) && !is(element.parent, 'bpmn:SubProcess')),
          entries = readStructure(top),
          last = outline.querySelector('.bpm-outline-row [tabindex="0"]')?.closest('.bpm-outline-row').dataset.row;

    if (!frame || frame.isEmpty !== !entries.length) {
      drawFrame(!entries.length);
    }

    place(frame.list, entries.map(entry => item(entry, known)));
    kept.forget(frame.list);

    makeStop(rowOf(focused) || rowOf(last) || outline.querySelector('.bpm-outline-row'));
    selectionChanged();

    if (focused && !outline.contains(document.activeElement)) {
      focusRow(focused);
    }
  }

  // what stands around the list
  function drawFrame(isEmpty) {
    frame = { isEmpty, list: el('ol', { className: 'bpm-steps', role: 'list' }) };

    outline.replaceChildren(...[
      el('h2', { className: 'bpm-side-title', textContent: t('Steps') }),
      isEmpty ? el('p', { className: 'bpm-help', textContent: t('Nothing is drawn yet. Begin with a start, then add what happens next.') }) : frame.list,
      el('div', { className: 'bpm-steps-add' }, adder(isEmpty)),
      !isEmpty && el('div', { className: 'bpm-steps-foot' },
        el('p', { className: 'bpm-help bpm-keys', textContent: t('Keys: ↑ ↓ from step to step, Enter sets it up, Escape comes back, + adds, F2 renames, Alt with ↑ ↓ moves, Del deletes, → opens all that can be done.') }),
        checkbox('arrange', t('Arrange the diagram after each change made here'), arranging.isOn, on => arranging.turn(on)))
    ].filter(Boolean));
  }

  function item({ element, inside, meanwhile, ways }, known, className = '') {
    const name = stepName(element),
          head = stepRow(element, name),
          parts = [ inside.map(entry => item(entry, known)), meanwhile.map(one => meanwhileItem(one, known)), ways.map(way => wayItem(way, known)) ];

    return kept.node(`item-${ element.id }`, [ className, name, head, ...parts.flatMap(nodes => [ null, ...nodes ]) ], () => el('li', { className }, head,
      nested('ol', t('Inside “{name}”', { name }), parts[0]),
      nested('ul', t('Meanwhile, at “{name}”', { name }), parts[1]),
      nested('ul', t('Ways from “{name}”', { name }), parts[2], 'bpm-ways')));
  }

  function nested(tag, label, items, className = '') {
    return items.length > 0 && el(tag, { className: `bpm-steps bpm-nested ${ className }`.trim(), role: 'list', 'aria-label': label }, items);
  }

  function stepRow(element, name) {
    const words = facts(element, name);

    return row(element, name, [ words ], () => el('span', { className: 'bpm-step-name' }, name, words && el('small', { textContent: words })));
  }

  function facts(element, name) {
    const kind = kindName(element);

    return [ name !== kind && kind, whoWords(element, server, fields.all()) ].filter(Boolean).join(' · ');
  }

  function meanwhileItem({ element, entries, goesOn }, known) {
    const items = [ ...entries.map(entry => item(entry, known)), ...on(element, goesOn) ];

    return kept.node(`meanwhile-${ element.id }`, items, () => el('li', { className: 'bpm-attached' }, el('ol', { className: 'bpm-steps', role: 'list' }, items)));
  }

  function wayItem({ flow, entries, goesOn }, known) {
    const words = wayWords(flow, known),
          target = !entries.length && goesOn ? `→ ${ stepName(goesOn) }` : '',
          head = row(flow, words + target, [ words ], () => el('span', { className: 'bpm-step-name' }, words, target && el('small', { textContent: target }))),
          items = entries.length ? [ ...entries.map(entry => item(entry, known)), ...on(flow, goesOn) ] : [];

    return kept.node(`way-${ flow.id }`, [ head, ...items ], () => el('li', { className: 'bpm-way-item' }, head,
      items.length > 0 && el('ol', { className: 'bpm-steps bpm-nested', role: 'list' }, items)));
  }

  function on({ id }, goesOn) {
    const words = goesOn && `→ ${ stepName(goesOn) }`;

    return goesOn ? [ kept.node(`on-${ id }`, [ words ], () => el('li', { className: 'bpm-goes-on', textContent: words })) ] : [];
  }

  /** The button of a step or way, and what can be done with it; it says what its words are made of. */
  function row(element, name, parts, words) {
    const problem = problems.get(element.id),
          sign = !element.waypoints && kindIcon(element);

    return kept.node(`row-${ element.id }`, [ element, name, sign, problem?.severity, problem?.message, ...parts ], () => drawRow(element, name, sign, problem, words()));
  }

  function drawRow(element, name, sign, problem, words) {
    const button = el('button', {
      type: 'button', tabIndex: -1, className: sign ? 'bpm-step' : 'bpm-step bpm-way-step', [ sign ? 'data-step' : 'data-way' ]: element.id,
      'aria-current': 'false', onclick: event => open(element, event.detail === 0)
    }, sign && icon(sign), words,
    problem && el('span', { className: `bpm-mark bpm-${ problem.severity }`, title: problem.message }, el('span', { textContent: '!', 'aria-hidden': 'true' }), el('span', { className: 'visually-hidden', textContent: problem.message })));

    const actions = actionMenu(`step-${ element.id }`, t('What to do with “{name}”', { name }), () => actionsOf(element));

    actions.querySelector('summary').tabIndex = -1;

    return el('div', { className: 'bpm-outline-row', 'data-row': element.id }, button, actions);
  }

  function actionsOf(element) {
    return element.waypoints ? wayActions(element, context) : stepActions(element, context);
  }

  function selectionChanged() {
    const ids = selection.get().map(element => (element.labelTarget || element).id);

    outline.querySelectorAll(ROW).forEach(button => {
      const isCurrent = ids.includes(button.dataset.step || button.dataset.way);

      if (isCurrent !== (button.getAttribute('aria-current') === 'step')) {
        button.setAttribute('aria-current', isCurrent ? 'step' : 'false');

        if (isCurrent && ids.length === 1 && !outline.contains(document.activeElement)) {
          button.scrollIntoView({ block: 'nearest' });
          makeStop(button.parentNode);
        }
      }
    });

    const add = outline.querySelector('.bpm-steps-add');

    if (add) {
      add.hidden = selection.get().some(element => !isStep(element));
    }
  }

  // for the mouse: below the list, for what is selected
  function adder(isEmpty) {
    const offered = kinds().filter(({ id }) => !isEmpty || id === 'start');

    return menu('outline-add', '+ ' + (!isEmpty ? t('Add a step after the selected one') : t('Add a step')), offered, id => {
      const kind = kinds().find(kind => kind.id === id),
            source = kind.type === 'bpmn:StartEvent' ? null : steps.likelySource();

      done(source ? edits.addAfter(source, kind) : steps.addAfter(null, kind));
    });
  }

  /** Show what a change made: its settings, or (stay) its row in the list. */
  function done(element, stay = false) {
    const target = element && elementRegistry.get(element.id) || null;

    selection.select(target);

    if (!target || stay) {
      clearTimeout(timer);
      render();
      focusRow(target?.id);

      return;
    }

    bring(canvas, target, 100);
    showPanel();
    sidePanel.focus();
  }

  function open(element, toPanel) {
    selection.select(element);
    bring(canvas, element, 60);
    showPanel();

    if (toPanel) {
      sidePanel.focus(typeof toPanel === 'string' ? toPanel : undefined);
    }
  }

  function onKey(event) {
    const rowNode = event.target.closest('.bpm-outline-row'),
          element = rowNode && elementRegistry.get(rowNode.dataset.row),
          onStep = event.target.matches(ROW),
          key = `${ event.altKey ? 'Alt+' : '' }${ event.key }`;

    if (!element || !onStep && !(event.key === 'ArrowLeft' && event.target.matches('summary'))) {
      return;
    }

    const rows = [ ...outline.querySelectorAll(ROW) ],
          index = rows.indexOf(event.target),
          menuNode = rowNode.querySelector('.bpm-step-menu');

    const run = id => {
      const action = actionsOf(element).find(action => action.id === id);

      if (action?.choices) {
        openAt(menuNode, id);
      } else {
        action?.run();
      }
    };

    const does = {
      ArrowDown: () => rows[Math.min(rows.length - 1, index + 1)].focus(),
      ArrowUp: () => rows[Math.max(0, index - 1)].focus(),
      Home: () => rows[0].focus(),
      End: () => rows.at(-1).focus(),
      ArrowRight: () => menuNode.querySelector('summary').focus(),
      ArrowLeft: () => rowNode.querySelector(ROW).focus(),
      'Alt+ArrowUp': () => run('up'),
      'Alt+ArrowDown': () => run('down'),
      Delete: () => run('remove'),
      Insert: () => run('add'),
      '+': () => run('add'),
      F2: () => run('rename')
    }[key];

    if (does && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      does();
    }
  }

  function makeStop(rowNode) {
    outline.querySelectorAll('.bpm-outline-row [tabindex="0"]').forEach(node => {
      if (!rowNode?.contains(node)) {
        node.tabIndex = -1;
      }
    });
    rowNode?.querySelectorAll(`${ ROW }, summary`).forEach(node => { node.tabIndex = 0; });
  }

  function rowOf(id) {
    return id && outline.querySelector(`.bpm-outline-row[data-row="${ CSS.escape(id) }"]`);
  }

  function focusRow(id) {
    (rowOf(id) || outline.querySelector('.bpm-outline-row'))?.querySelector(ROW).focus({ preventScroll: false });
  }
}

Outline.$inject = [
  'config.designer', 'eventBus', 'steps', 'edits', 'arranging', 'replacements', 'catalogue', 'fields', 'selection', 'canvas', 'sidePanel',
  'elementRegistry'
];
