import { is } from 'bpmn-js/lib/util/ModelUtil';

import { t } from '../../shared/texts';
import { kindGroups } from '../model/kinds';
import { plainSteps, readySteps } from '../model/ready';
import { el, fold, icon } from '../side-panel/controls';

/**
 * What can be added, as buttons with words: dragged onto the canvas, or pressed to follow the selected step.
 */
export default function Palette(config, create, steps, selection, canvas, sidePanel, catalogue, elementFactory, readyApproval) {
  const all = [ ...readySteps(), ...plainSteps() ],
        groups = [ [ 'ready', t('Ready-made steps') ], ...kindGroups() ].filter(([ group ]) => all.some(kind => kind.group === group));

  config.palette.replaceChildren(
    el('h2', { className: 'bpm-side-title', textContent: t('Add') }),
    el('p', { className: 'bpm-help', textContent: t('Drag onto the paper, or press to add after the selected step.') }),
    ...groups.map(([ group, name ]) => el('div', { className: 'bpm-palette-group', role: 'group', 'aria-label': name },
      all.filter(kind => kind.group === group).map(kindButton))),
    morePart());

  // everything else that the engine runs, drawn when it is asked for
  function morePart() {
    const part = fold('palette-more', t('More: all of BPMN that runs'));

    part.addEventListener('toggle', () => part.childElementCount > 1 || part.append(...catalogue.groups().map(({ name, kinds }) => el('div', {
      className: 'bpm-palette-group', role: 'group', 'aria-label': name
    }, el('p', { className: 'bpm-palette-name', textContent: name }), kinds.map(kindButton)))));

    return part;
  }

  function kindButton(kind) {
    const button = el('button', {
      type: 'button', className: 'bpm-palette-entry', draggable: true, 'data-kind': kind.id,
      onclick: event => add(kind, event),
      ondragstart: event => {
        event.preventDefault();
        create.start(event, dragged(kind));
      }
    }, icon(kind.icon.startsWith('bpmn-icon-') ? kind.icon : `bpmn-icon-${ kind.icon }`), el('span', { textContent: kind.name }));

    return button;
  }

  function dragged(kind) {
    if (kind.parts === 'approval') {
      return readyApproval.create();
    }

    return kind.type === 'bpmn:Participant' ? elementFactory.createParticipantShape() : steps.create(kind);
  }

  // an event at the edge needs a step that it hangs at
  function hang(source, kind) {
    const host = source && is(source, 'bpmn:BoundaryEvent') ? source.host : source;

    return host && is(host, 'bpmn:Activity') && steps.addBoundary(host, kind);
  }

  function add(kind, event) {
    const source = kind.type === 'bpmn:StartEvent' ? null : steps.likelySource(),
          created = kind.type === 'bpmn:BoundaryEvent' ? hang(source, kind) : steps.addArranged(source, kind);

    if (!created) {
      return;
    }

    selection.select(created);
    canvas.scrollToElement(created, { top: 60, right: 60, bottom: 60, left: 60 });

    // pressed with a key: go on where the step is set up
    if (event.detail === 0) {
      sidePanel.focus();
    }
  }
}

Palette.$inject = [ 'config.designer', 'create', 'steps', 'selection', 'canvas', 'sidePanel', 'catalogue', 'elementFactory', 'readyApproval' ];
