const HEAT_LEVELS = 4,
      // in a smaller drawing the words would lie upon each other
      NOTES_FROM = .4;

/**
 * Paint the state of one instance or of many on a diagram.
 *
 * A running instance may know elements that the shown version lost: those are passed over.
 *
 * @param {Viewer} viewer
 * @param {Object} state
 * @param {Object<string, number>} [state.tokens] how many tokens wait at an element
 * @param {string[]} [state.taken] elements and flows that were passed
 * @param {Object<string, number>} [state.incidents] how many failures stand at an element
 * @param {Object<string, number>} [state.counts] how often an element was passed, over many instances
 * @param {Object<string, number>} [state.heat] how busy an element is, any unit
 * @param {Object<string, string>} [state.notes] a few words at an element, for instance "2 d 4 h"
 * @param {Object<string, string>} [state.labels] words for screen readers and tooltips, by element
 *
 * @return {Function} takes everything away again
 */
export function showState(viewer, { tokens = {}, taken = [], incidents = {}, counts = {}, heat = {}, notes = {}, labels = {} }) {
  const canvas = viewer.get('canvas'),
        overlays = viewer.get('overlays'),
        elementRegistry = viewer.get('elementRegistry'),
        hottest = Math.max(1, ...Object.values(heat)),
        marked = [];

  mark(taken, 'bpm-taken');
  mark(Object.keys(tokens), 'bpm-has-token');
  mark(Object.keys(incidents), 'bpm-has-incident');
  Object.entries(heat).forEach(([ id, value ]) => mark([ id ], `bpm-heat-${ Math.max(1, Math.ceil(HEAT_LEVELS * value / hottest)) }`));

  badges(tokens, 'bpm-token', { bottom: 12, left: -12 });
  badges(incidents, 'bpm-incident', { top: -12, left: -12 });
  badges(counts, 'bpm-count', { top: -12, right: 12 });
  badges(notes, 'bpm-note', { bottom: -4, left: 0 }, { minZoom: NOTES_FROM });

  return () => {
    overlays.remove({ type: 'bpm-state' });
    marked.forEach(([ id, name ]) => canvas.removeMarker(id, name));
  };

  function mark(ids, name) {
    ids.filter(id => elementRegistry.get(id)).forEach(id => {
      canvas.addMarker(id, name);
      marked.push([ id, name ]);
    });
  }

  function badges(values, className, position, show = {}) {
    for (const [ id, value ] of Object.entries(values)) {
      if (elementRegistry.get(id)) {
        overlays.add(id, 'bpm-state', { position, show, html: badge(value, className, labels[id]), scale: { min: .8, max: 1.2 } });
      }
    }
  }
}


// local functions //////////

function badge(value, className, label) {
  const node = Object.assign(document.createElement('div'), { className: `bpm-badge ${ className }`, textContent: value });

  if (label) {
    node.title = label;
  }

  return node;
}
