import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';

import { rendererColours } from '../shared/colours';
import { moddleExtensions } from '../shared/dialect';
import { fit } from '../shared/fit';
import notationModule from '../shared/notation';
import { t } from '../shared/texts';

import '../shared/diagram.css';
import './viewer.css';

const ZOOM_STEP = 1.3;

/** Show the diagram at the given address in the container, with buttons to look closer. */
export async function createViewer(container, diagramUrl, label) {
  container.classList.add('bpm-diagram');

  const viewer = new NavigatedViewer({
          container, moddleExtensions, bpmnRenderer: rendererColours, additionalModules: [ notationModule ]
        }),
        response = await fetch(diagramUrl);

  if (!response.ok) {
    throw new Error(t('The diagram cannot be shown.'));
  }

  viewer.on('import.parse.complete', ({ elementsById }) => translateNames(elementsById));

  await viewer.importXML(await response.text());

  const svg = container.querySelector('.djs-container svg');

  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', label || t('Diagram'));
  container.prepend(tools(viewer));

  return viewer;
}


// local functions //////////

/** Name the elements in the reader's language, as far as the author has translated them. Nothing is saved from here. */
function translateNames(elementsById = {}) {
  const language = document.documentElement.lang;

  Object.values(elementsById).forEach(element => {
    const own = element.extensionElements?.values?.find(value => value.$type === 'bpm:Translation' && value.language === language);

    if (own?.name && element.name) {
      element.name = own.name;
    }
  });
}

function tools(viewer) {
  const canvas = viewer.get('canvas'),
        group = document.createElement('div');

  group.className = 'bpm-viewer-tools';
  group.append(
    button('+', t('Larger'), () => canvas.zoom(canvas.zoom() * ZOOM_STEP, 'auto')),
    button('−', t('Smaller'), () => canvas.zoom(canvas.zoom() / ZOOM_STEP, 'auto')),
    button(t('All'), t('All: show the whole diagram'), () => fit(canvas)));

  return group;
}

function button(text, label, onclick) {
  const node = Object.assign(document.createElement('button'), { type: 'button', className: 'button small', textContent: text, onclick });

  node.setAttribute('aria-label', label);

  return node;
}
