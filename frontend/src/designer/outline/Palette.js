import { t } from '../../shared/texts';
import { kindGroups, kinds } from '../model/kinds';
import { el, icon } from '../side-panel/controls';

/**
 * What can be added, as buttons with words: dragged onto the canvas, or pressed to follow the selected step.
 */
export default function Palette(config, create, steps, selection, canvas, sidePanel) {
  const all = kinds();

  config.palette.replaceChildren(
    el('h2', { className: 'bpm-side-title', textContent: t('Add') }),
    el('p', { className: 'bpm-help', textContent: t('Drag onto the paper, or press to add after the selected step.') }),
    ...kindGroups().map(([ group, name ]) => el('div', { className: 'bpm-palette-group', role: 'group', 'aria-label': name },
      all.filter(kind => kind.group === group).map(kindButton))));

  function kindButton(kind) {
    const button = el('button', {
      type: 'button', className: 'bpm-palette-entry', draggable: true, 'data-kind': kind.id,
      onclick: event => add(kind, event),
      ondragstart: event => {
        event.preventDefault();
        create.start(event, steps.create(kind));
      }
    }, icon(`bpmn-icon-${ kind.icon }`), el('span', { textContent: kind.name }));

    return button;
  }

  function add(kind, event) {
    const created = steps.addAfter(kind.type === 'bpmn:StartEvent' ? null : steps.likelySource(), kind);

    selection.select(created);
    canvas.scrollToElement(created, { top: 60, right: 60, bottom: 60, left: 60 });

    // pressed with a key: go on where the step is set up
    if (event.detail === 0) {
      sidePanel.focus();
    }
  }
}

Palette.$inject = [ 'config.designer', 'create', 'steps', 'selection', 'canvas', 'sidePanel' ];
