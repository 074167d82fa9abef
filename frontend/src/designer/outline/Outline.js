import { is, isAny } from 'bpmn-js/lib/util/ModelUtil';

import { bring } from '../../shared/fit';
import { t } from '../../shared/texts';
import { wordsOf } from '../conditions/ConditionHint';
import { followers, kindIcon, kindName, kinds } from '../model/kinds';
import { isStep, outgoingFlows } from '../model/Steps';
import { el, icon, menu, redraw } from '../side-panel/controls';
import { stepName } from '../side-panel/sections/ways';

const DECISIONS = [ 'bpmn:ExclusiveGateway', 'bpmn:InclusiveGateway' ];

/**
 * The steps in the order in which they are done, as buttons: the diagram for those who use the keyboard, a screen reader
 * or a phone.
 */
export default function Outline(config, eventBus, steps, fields, selection, canvas, sidePanel) {
  const { outline, showPanel } = config;

  let problems = new Map(),
      timer;

  eventBus.on([ 'selection.changed', 'commandStack.changed', 'import.done' ], renderSoon);

  eventBus.on('bpm.problems', event => {
    problems = new Map(event.problems.map(problem => [ problem.element, problem ]));
    renderSoon();
  });

  outline.addEventListener('keydown', event => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key],
          buttons = [ ...outline.querySelectorAll('.bpm-step') ],
          index = buttons.indexOf(document.activeElement);

    if (by && index >= 0) {
      event.preventDefault();
      buttons[Math.min(buttons.length - 1, Math.max(0, index + by))].focus();
    }
  });

  function renderSoon() {
    clearTimeout(timer);
    timer = setTimeout(render);
  }

  function render() {
    const focused = outline.contains(document.activeElement) && document.activeElement.dataset.step,
          known = fields.all(),
          list = steps.inOrder();

    redraw(outline, [
      el('h2', { className: 'bpm-side-title', textContent: t('Steps') }),
      list.length
        ? el('ol', { className: 'bpm-steps', role: 'list' }, list.map(step => item(step, known)))
        : el('p', { className: 'bpm-help', textContent: t('Nothing is drawn yet. Begin with a start, then add what happens next.') }),
      !selection.get().some(isStep) && el('div', { className: 'bpm-steps-add' }, adder(list))
    ].filter(Boolean));

    if (focused) {
      outline.querySelector(`[data-step="${ CSS.escape(focused) }"]`)?.focus({ preventScroll: true });
    }
  }

  function item({ element, depth }, known) {
    const isCurrent = selection.isSelected(element),
          problem = problems.get(element.id),
          name = stepName(element),
          kind = kindName(element);

    const button = el('button', {
      type: 'button', className: 'bpm-step', 'data-step': element.id, 'aria-current': isCurrent ? 'step' : 'false',
      onclick: event => open(element, event)
    }, icon(kindIcon(element)),
    el('span', { className: 'bpm-step-name' }, name, name !== kind && el('small', { textContent: kind })),
    problem && el('span', { className: `bpm-mark bpm-${ problem.severity }`, title: problem.message, textContent: '!' }));

    return el('li', { className: `bpm-depth-${ Math.min(depth, 3) }${ is(element, 'bpmn:BoundaryEvent') ? ' bpm-attached' : '' }` },
      button, ways(element, known), isCurrent && adder(null, element));
  }

  // where a diamond leads, in words
  function ways(element, known) {
    const flows = isAny(element, DECISIONS) ? outgoingFlows(element) : [];

    const words = flow => flow.businessObject.name || wordsOf(flow, known) || t('always');

    return flows.length > 0 && el('ul', { className: 'bpm-ways', role: 'list' }, flows.map(
      flow => el('li', { textContent: `${ words(flow) } → ${ stepName(flow.target) }` })));
  }

  function adder(list, after) {
    const offered = after ? followers(after) : kinds().filter(({ id }) => list.length || id === 'start');

    if (!offered.length) {
      return null;
    }

    return menu(after ? 'outline-add-after' : 'outline-add', after ? '+ ' + t('Add a step after this') : '+ ' + t('Add a step'), offered, id => {
      const kind = kinds().find(kind => kind.id === id),
            created = steps.addAfter(after || (kind.type === 'bpmn:StartEvent' ? null : steps.likelySource()), kind);

      selection.select(created);
      bring(canvas, created, 100);
      showPanel();
      sidePanel.focus();
    });
  }

  function open(element, event) {
    selection.select(element);
    bring(canvas, element, 60);
    showPanel();

    if (event.detail === 0) {
      sidePanel.focus();
    }
  }
}

Outline.$inject = [ 'config.designer', 'eventBus', 'steps', 'fields', 'selection', 'canvas', 'sidePanel' ];
