import { getBusinessObject } from 'bpmn-js/lib/util/ModelUtil';

import { t } from '../../shared/texts';
import { allExtensionsOf, extensionOf, plain } from '../model/Extensions';
import { kindIcon, kindName } from '../model/kinds';
import { el, icon, redraw } from './controls';
import ExpressionCheck from './ExpressionCheck';
import { sectionsFor } from './sections';

/**
 * Side panel made of ordinary form controls, redrawn soon after every change.
 *
 * A control may outlive the state it was drawn from, so handlers read the model again before they write to it.
 *
 * config.designer: { panel, server, urls: { checkUrl, helpUrl }, openFormEditor }; server holds what people may pick.
 */
export default function SidePanel(
    config, eventBus, selection, modeling, bpmnFactory, canvas, batch, extensions, fields, steps, elementRegistry) {

  const { panel } = config,
        check = new ExpressionCheck(config.urls, () => fields.surroundings());

  let pressed = false,
      waiting = false,
      shown = null,
      timer;

  eventBus.on([ 'selection.changed', 'commandStack.changed', 'import.done', 'bpm.picks.changed' ], renderSoon);

  panel.addEventListener('pointerdown', () => { pressed = true; });
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

  /** Put the cursor into the first control, for those who came by keyboard. */
  this.focus = () => {
    clearTimeout(timer);
    render();
    const control = panel.querySelector('input, select, textarea');

    control?.focus();
    control?.select?.();
  };

  // A redraw within a change event would lose the focus of someone who leaves a
  // field with Tab; between mouse down and mouse up it would swallow the click.
  function renderSoon() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (pressed) {
        waiting = true;
      } else {
        render();
      }
    });
  }

  function render() {
    const active = panel.contains(document.activeElement) ? document.activeElement : null,
          element = selectedElement(),
          scroll = panel.scrollTop;

    if (shown === element) {
      redraw(panel, [ form(element) ]);
      panel.scrollTop = scroll;

      if (active?.name) {
        refocus(active);
      }
    } else {
      panel.replaceChildren(form(element));
      panel.scrollTop = 0;
    }

    shown = element;
    panel.dataset.element = element ? element.id : '';
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
      ...sectionsFor(element, context));
  }

  function selectedElement() {
    const [ element, ...others ] = selection.get();

    return element && !others.length && element !== canvas.getRootElement() ? element.labelTarget || element : null;
  }
}

SidePanel.$inject = [
  'config.designer', 'eventBus', 'selection', 'modeling', 'bpmnFactory', 'canvas', 'batch', 'extensions', 'fields', 'steps',
  'elementRegistry'
];
