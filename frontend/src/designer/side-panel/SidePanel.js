import { getBusinessObject } from 'bpmn-js/lib/util/ModelUtil';

import { addressOf } from '../../shared/step-link';
import { t } from '../../shared/texts';
import { allExtensionsOf, extensionOf, plain } from '../model/Extensions';
import { kindIcon, kindName } from '../model/kinds';
import { el, icon, menu, redraw } from './controls';
import ExpressionCheck from './ExpressionCheck';
import { sectionsFor } from './sections';

const SEEKING = 1000,

      // what a step is set to stays when only its place changes
      MOVES = [ 'elements.move', 'shape.move', 'connection.move', 'connection.layout', 'connection.updateWaypoints', 'bpm.arrange', 'group.updateRefs', 'lane.updateRefs' ];

/**
 * Side panel made of ordinary form controls, redrawn soon after every change.
 *
 * A control may outlive the state it was drawn from, so handlers read the model again before they write to it.
 *
 * config.designer: { panel, server, urls: { checkUrl, helpUrl }, forms }; server holds what people may pick.
 */
export default function SidePanel(
    config, eventBus, selection, modeling, bpmnFactory, canvas, batch, extensions, fields, steps, elementRegistry,
    replacements, dragging) {

  const { panel } = config,
        check = new ExpressionCheck(config.urls, () => fields.surroundings());

  const this_ = this;

  let pressed = false,
      typing = null,
      waiting = false,
      shown = null,
      outdated = true,
      sought = 0,
      timer;

  eventBus.on([ 'selection.changed', 'import.done', 'bpm.picks.changed' ], renderSoon);
  eventBus.on([ 'commandStack.executed', 'commandStack.reverted' ], event => { outdated ||= !isMove(event); });
  // a listener that gives anything back, be it false, keeps the event from those after it
  eventBus.on('commandStack.changed', () => { if (outdated) { renderSoon(); } });

  // what is dragged is not selected for as long; it is again when it is let go
  eventBus.on('drag.cleanup', () => { if (waiting) { renderSoon(); } });

  panel.addEventListener('pointerdown', () => { pressed = true; });
  // what is being typed is not written yet: a change from elsewhere, as of the layout, must not draw over it
  panel.addEventListener('input', event => { typing = event.target; });
  panel.addEventListener('change', () => { typing = null; });

  // whoever types the beginning of an option changes the list with each letter; a list drawn anew would forget the letters before
  panel.addEventListener('keydown', ({ target, key }) => {
    if (key.length === 1 && target.matches('select')) {
      sought = Date.now();
    }
  });

  panel.addEventListener('focusout', () => {
    typing = null;

    if (waiting && !pressed) {
      waiting = false;
      renderSoon();
    }
  });

  panel.addEventListener('submit', event => event.preventDefault());

  for (const end of [ 'pointerup', 'pointercancel' ]) {
    window.addEventListener(end, () => {
      pressed = false;

      if (waiting) {
        waiting = false;
        renderSoon();
      }
    });
  }

  /** Put the cursor into a control, the first one if none is named, for those who came by keyboard. */
  this.focus = name => {
    clearTimeout(timer);
    render();
    const control = name && panel.querySelector(`[name="${ CSS.escape(name) }"]`) || panel.querySelector('input, select, textarea');

    if (control?.closest('details')) {
      control.closest('details').open = true;
    }

    control?.focus();
    control?.select?.();
  };

  // A redraw within a change event would lose the focus of someone who leaves a
  // field with Tab; between mouse down and mouse up it would swallow the click.
  function renderSoon() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (dragging.context()?.active || pressed || typing && panel.contains(typing) && typing === document.activeElement && shown === selectedElement()) {
        waiting = true;
      } else if (isSeeking()) {
        waiting = true;
        timer = setTimeout(renderSoon, SEEKING);
      } else {
        render();
      }
    });
  }

  function isSeeking() {
    const { activeElement } = document;

    return Date.now() - sought < SEEKING && activeElement.matches('select') && panel.contains(activeElement) && shown === selectedElement();
  }

  function render() {
    waiting = outdated = false;

    const active = panel.contains(document.activeElement) ? document.activeElement : null,
          element = selectedElement(),
          place = active ? stops().indexOf(active) : -1;

    if (shown === element) {
      const scroll = panel.scrollTop;

      redraw(panel, [ form(element) ]);
      panel.scrollTop = scroll;

      if (active?.name) {
        refocus(active);
      } else if (active) {
        stops()[place]?.focus({ preventScroll: true });
      }
    } else {
      panel.replaceChildren(form(element));
      panel.scrollTop = 0;
    }

    shown = element;
    panel.dataset.element = element ? element.id : '';
  }

  // what has no name is found again by its place
  function stops() {
    return [ ...panel.querySelectorAll('summary, button, a[href], input, select, textarea') ].filter(stop => !stop.closest('.bpm-menu:not([open]) > ul'));
  }

  function refocus({ name, selectionStart, selectionEnd }) {
    const control = panel.querySelector(`[name="${ CSS.escape(name) }"]`);

    control?.focus({ preventScroll: true });

    if (control?.setSelectionRange && typeof selectionStart === 'number') {
      control.setSelectionRange(selectionStart, selectionEnd);
    }
  }

  function form(element) {
    const drawn = element || canvas.getRootElement(),
          object = element ? getBusinessObject(element) : fields.process();

    const context = {
      config, element: drawn, object, server: config.server, modeling, bpmnFactory, batch, extensions, steps, selection,
      elementRegistry, canvas, check,
      fields: fields.all(),
      process: fields.process(),
      read: (type, owner = object) => plain(extensionOf(owner, type)),
      readAll: (type, owner = object) => allExtensionsOf(owner, type).map(node => plain(node)),
      has: (type, owner = object) => !!extensionOf(owner, type),
      write: (type, props, owner = object) => extensions.write(drawn, type, props, owner),
      writeAll: (type, list, owner = object) => extensions.writeAll(drawn, type, list, owner),
      update: (properties, owner = object) => modeling.updateModdleProperties(drawn, owner, properties)
    };

    return el('form', { className: 'bpm-panel-form' },
      el('h2', { className: 'bpm-panel-title' },
        element && icon(kindIcon(element)), el('span', { textContent: element ? kindName(element) : t('The process') })),
      element && kindMenu(element),
      ...sectionsFor(element, context),
      config.comments?.section(object),
      element && el('button', {
        type: 'button', className: 'button plain small', textContent: t('Copy link to this step'),
        'data-copy': addressOf(element.id), 'data-copied': t('Copied')
      }));
  }

  // the replace menu of the canvas, for those who use the keyboard
  function kindMenu(element) {
    const offered = replacements.of(element);

    return offered.length > 0 && menu('change-kind', t('Make it something else'), offered, id => {
      const made = offered.find(one => one.id === id).replace();

      selection.select(made);
      this_.focus();
    });
  }

  function selectedElement() {
    const [ element, ...others ] = selection.get();

    return element && !others.length && element !== canvas.getRootElement() ? element.labelTarget || element : null;
  }
}

SidePanel.$inject = [
  'config.designer', 'eventBus', 'selection', 'modeling', 'bpmnFactory', 'canvas', 'batch', 'extensions', 'fields', 'steps',
  'elementRegistry', 'replacements', 'dragging'
];


// local functions //////////

function isMove({ command, context: { oldParent, newParent } }) {
  return MOVES.includes(command) && (!oldParent || !newParent || oldParent === newParent);
}
