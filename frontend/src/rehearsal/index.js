/**
 * The diagram beside a rehearsal. What it shows stands in #rehearsal-state, which the server draws with the panel;
 * after each answer the tokens are painted anew.
 */
import { fitReadable, fitWhole, heightOfWhole } from '../shared/fit';
import { loadTexts } from '../shared/texts';
import { createViewer } from '../viewer/createViewer';
import { showState } from '../viewer/showState';

import './rehearsal.css';

async function start(container) {
  const { rehearsalDiagram, diagramLabel, textsUrl } = container.dataset;

  await loadTexts(textsUrl, document.documentElement.lang);

  const viewer = await createViewer(container, rehearsalDiagram, diagramLabel),
        canvas = viewer.get('canvas'),
        registry = viewer.get('elementRegistry');

  let clear = () => {},
      painted = '',
      here = registry.find(({ type }) => type === 'bpmn:StartEvent');

  const show = () => {
    container.style.setProperty('--diagram-whole', `${ heightOfWhole(canvas) }px`);
    canvas.resized();
    fitWhole(canvas, here);
  };

  function paint() {
    const { state = '{}', never = '[]' } = document.getElementById('rehearsal-state')?.dataset || {};

    if (state + never === painted) {
      return;
    }

    painted = state + never;
    clear();

    const found = JSON.parse(state),
          unpaint = showState(viewer, found),
          lost = JSON.parse(never).filter(id => registry.get(id));

    lost.forEach(id => canvas.addMarker(id, 'bpm-never'));

    clear = () => {
      unpaint();
      lost.forEach(id => canvas.removeMarker(id, 'bpm-never'));
    };

    follow(Object.keys(found.tokens || {}).find(id => registry.get(id)));
  }

  function follow(id) {
    if (id && registry.get(id) !== here) {
      here = registry.get(id);
      fitReadable(canvas, here);
    }
  }

  show();
  paint();
  new ResizeObserver(() => canvas.resized()).observe(canvas.getContainer());
  document.addEventListener('htmx:after:swap', paint);

  container.dataset.ready = 'yes';
}

// the button that was pressed is gone: go on reading at what happens now
document.addEventListener('htmx:after:swap', () => {
  if (!document.activeElement || document.activeElement === document.body) {
    document.getElementById('happens-now')?.focus({ preventScroll: true });
  }
});

document.querySelectorAll('[data-rehearsal-diagram]').forEach(container => start(container).catch(error => {
  container.dataset.ready = 'failed';
  container.textContent = container.dataset.diagramFailed || error.message;
}));
