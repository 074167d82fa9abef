/**
 * Shows diagrams: every <div data-diagram="…/n.bpmn" data-state="…json"> is filled with its diagram and the state of
 * one instance (tokens, way taken) or of many (counts). See frontend/README.md for the JSON.
 */
import { bring, fitReadable, fitWhole, heightOfWhole } from '../shared/fit';
import { followLinks } from '../shared/step-link';
import { loadTexts, t } from '../shared/texts';
import { createViewer } from './createViewer';
import { showState } from './showState';

const REFRESH_SECONDS = 5;

async function start(container) {
  const { diagram, state, stateEvery, diagramLabel, textsUrl } = container.dataset;

  await loadTexts(textsUrl, document.documentElement.lang);

  const viewer = await createViewer(container, diagram, diagramLabel),
        canvas = viewer.get('canvas'),
        registry = viewer.get('elementRegistry');

  let around = registry.find(({ type }) => type === 'bpmn:StartEvent'),
      touched = false;

  const show = element => {
    around = element || around;
    container.style.setProperty('--diagram-whole', `${ heightOfWhole(canvas) }px`);
    canvas.resized();
    fitWhole(canvas, around);
  };

  show();

  // the room changes with the window and with letters that arrive late; who has looked elsewhere stays there
  [ 'pointerdown', 'wheel', 'keydown' ].forEach(type => container.addEventListener(type, () => { touched = true; }, { passive: true }));
  new ResizeObserver(() => touched ? canvas.resized() : show()).observe(canvas.getContainer());

  if (state) {
    await keepState(viewer, show, state, stateEvery === undefined ? 0 : Number(stateEvery) || REFRESH_SECONDS);
  }

  followLinks(id => {
    const element = registry.get(id);

    if (element) {
      touched = true;
      registry.getAll().forEach(one => canvas.removeMarker(one, 'bpm-linked'));
      canvas.addMarker(element, 'bpm-linked');
      element.width ? fitReadable(canvas, element) : bring(canvas, element, 80);
    }
  });

  container.dataset.ready = 'yes';
  container.dispatchEvent(new CustomEvent('bpm:diagram-ready', { bubbles: true, detail: { viewer } }));
}

async function keepState(viewer, show, url, seconds) {
  const canvas = viewer.get('canvas'),
        registry = viewer.get('elementRegistry'),
        look = hereButton(viewer, () => fitReadable(canvas, registry.get(here)));

  let shown = '',
      here = '',
      clear = () => {};

  async function refresh() {
    const response = await fetch(url, { headers: { Accept: 'application/json' } }),
          text = response.ok ? await response.text() : shown;

    if (text && text !== shown) {
      const state = JSON.parse(text);

      shown = text;
      clear();
      clear = showState(viewer, state);
      follow(state.tokens);
    }
  }

  // look at where the case stands; again only when it has moved on
  function follow(tokens = {}) {
    const next = Object.keys(tokens).find(id => registry.get(id)) || '';

    look.hidden = !next;

    if (next && next !== here) {
      show(registry.get(next));
    }

    here = next;
  }

  await refresh();

  if (seconds) {
    setInterval(() => document.visibilityState === 'visible' && refresh().catch(() => {}), 1000 * seconds);
  }
}

/** A button among the others that leads to where the case stands. */
function hereButton(viewer, onclick) {
  const node = Object.assign(document.createElement('button'), {
    type: 'button', className: 'button small', hidden: true, textContent: t('Where it stands'), onclick
  });

  viewer.get('canvas').getContainer().closest('.bpm-diagram').querySelector('.bpm-viewer-tools').prepend(node);

  return node;
}

document.querySelectorAll('[data-diagram]').forEach(container => start(container).catch(error => {
  container.dataset.ready = 'failed';
  container.textContent = container.dataset.diagramFailed || error.message;
}));
