/**
 * Two drawings tied together: what was added, removed, changed or moved is marked by sign, word and colour. A line of
 * the list, pressed, shows its element in both. Also single drawings with counts ([data-single]).
 *
 * Each drawing says in data-* attributes what it shows: diagram (its address), marks {element: kind}, tokens and
 * counts {element: number}.
 */
import { bring, fitWhole, heightOfWhole } from '../shared/fit';
import { offerPeople } from '../shared/mentions';
import { loadTexts, t } from '../shared/texts';
import { createViewer } from '../viewer/createViewer';
import { showState } from '../viewer/showState';

import './compare.css';

const SIGNS = { added: '+', removed: '−', changed: '✎', moved: '↔' },
      MARGIN = 60;

async function draw(container) {
  const { diagram, diagramLabel, marks = '{}', tokens, counts } = container.dataset,
        viewer = await createViewer(container, diagram, diagramLabel),
        canvas = viewer.get('canvas'),
        registry = viewer.get('elementRegistry'),
        found = Object.entries(JSON.parse(marks)).filter(([ id ]) => registry.get(id));

  found.forEach(([ id, kind ]) => mark(viewer, id, kind));
  showState(viewer, { tokens: parsed(tokens), counts: parsed(counts) });

  const show = () => {
    container.style.setProperty('--diagram-whole', `${ heightOfWhole(canvas) }px`);
    canvas.resized();
    fitWhole(canvas, registry.get(found[0]?.[0]) || registry.find(({ type }) => type === 'bpmn:StartEvent'));
  };

  show();

  return { container, viewer, canvas, registry, show, room: canvas.getSize() };
}

function mark(viewer, id, kind) {
  const element = viewer.get('elementRegistry').get(id);

  viewer.get('canvas').addMarker(id, `bpm-${ kind }`);

  // small marks at every bent arrow would hide the drawing
  if (kind !== 'moved' || !element.waypoints) {
    viewer.get('overlays').add(id, 'bpm-mark', {
      position: element.waypoints ? middle(element) : { top: -11, right: 11 },
      html: sign(kind),
      scale: { min: .8, max: 1.2 }
    });
  }
}

function sign(kind) {
  const word = { added: t('new'), removed: t('gone'), changed: t('changed'), moved: t('moved') }[kind],
        node = Object.assign(document.createElement('div'), { className: `bpm-sign bpm-sign-${ kind }`, textContent: SIGNS[kind] });

  node.title = word;

  return node;
}

/** An overlay of an arrow counts from the upper left corner of its box. */
function middle({ waypoints }) {
  const xs = waypoints.map(({ x }) => x),
        ys = waypoints.map(({ y }) => y),
        at = waypoints[Math.floor((waypoints.length - 1) / 2)],
        next = waypoints[Math.floor((waypoints.length - 1) / 2) + 1];

  return { left: (at.x + next.x) / 2 - Math.min(...xs) - 11, top: (at.y + next.y) / 2 - Math.min(...ys) - 11 };
}

/** Let two drawings show the same place. */
function tie(one, other) {
  let busy = false;

  const follow = (from, to) => from.viewer.on('canvas.viewbox.changed', ({ viewbox }) => {
    const scale = from.canvas.zoom(),
          { width, height } = to.canvas.getSize(),
          centre = { x: viewbox.x + viewbox.width / 2, y: viewbox.y + viewbox.height / 2 };

    // a drawing without room has no place to show
    if (!busy && width && height && scale > 0 && Number.isFinite(centre.x + centre.y)) {
      busy = true;

      to.canvas.viewbox({ x: centre.x - width / scale / 2, y: centre.y - height / scale / 2, width: width / scale, height: height / scale });
      busy = false;
    }
  });

  follow(one, other);
  follow(other, one);
}

function selector(drawings) {
  let selected = [];

  return ids => {
    selected.forEach(([ canvas, id ]) => canvas.removeMarker(id, 'bpm-shown'));
    selected = [];

    for (const { canvas, registry, container } of drawings) {
      const known = ids.filter(id => registry.get(id));

      known.forEach(id => {
        canvas.addMarker(id, 'bpm-shown');
        selected.push([ canvas, id ]);
      });

      container.dataset.selected = known.join(' ');

      if (known.length && container.clientWidth) {
        bring(canvas, registry.get(known[0]), MARGIN);
      }
    }
  };
}

async function start(root) {
  await loadTexts(root.dataset.textsUrl, document.documentElement.lang);

  const containers = [ ...root.querySelectorAll('[data-diagram]') ],
        drawings = await Promise.all(containers.map(container => draw(container).catch(error => {
          container.dataset.ready = 'failed';
          container.textContent = container.dataset.diagramFailed || error.message;
        }))).then(all => all.filter(Boolean));

  if (drawings.length === 2) {
    tie(...drawings);
  }

  const select = selector(drawings);

  document.querySelectorAll('[data-elements]').forEach(button => button.addEventListener('click', () => {
    document.querySelectorAll('[data-elements]').forEach(other => other.setAttribute('aria-pressed', String(other === button)));
    select(button.dataset.elements.split(' ').filter(Boolean));
  }));

  document.querySelectorAll('.thread[data-element]').forEach(thread =>
    thread.addEventListener('focusin', () => select([ thread.dataset.element ])));

  switchSides(root, drawings);

  // a drawing that was hidden, or whose room changed, is fitted anew
  drawings.forEach(drawing => new ResizeObserver(() => {
    const { clientWidth: width, clientHeight: height } = drawing.canvas.getContainer(),
          { room } = drawing;

    if (width && (Math.abs(width - room.width) > 1 || Math.abs(height - room.height) > 1)) {
      drawing.room = { width, height };
      drawing.show();
    }
  }).observe(drawing.canvas.getContainer()));

  containers.forEach(container => { container.dataset.ready ||= 'yes'; });
  root.dataset.ready = 'yes';
}

function switchSides(root, drawings) {
  const sides = root.querySelector('[data-sides]');

  root.querySelectorAll('[data-show]').forEach(button => button.addEventListener('click', () => {
    sides.dataset.sides = button.dataset.show;
    root.querySelectorAll('[data-show]').forEach(other => other.setAttribute('aria-pressed', String(other === button)));
    drawings.forEach(({ canvas, container }) => container.clientWidth && canvas.resized());
  }));
}

function parsed(text) {
  return text ? JSON.parse(text) : {};
}

document.querySelectorAll('[data-compare], [data-single]').forEach(start);

document.querySelectorAll('textarea[data-mentions]').forEach(control => offerPeople(control, () =>
  [ ...document.getElementById(control.dataset.mentions).options ].map(({ value, textContent }) => ({ id: value.slice(1), name: textContent }))));
