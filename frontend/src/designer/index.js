/**
 * The designer page. #designer says in data-* attributes where its data is; see frontend/README.md.
 */
import Modeler from 'bpmn-js/lib/Modeler';

import { rendererColours } from '../shared/colours';
import { moddleExtensions } from '../shared/dialect';
import { fit, fitWhole } from '../shared/fit';
import { send } from '../shared/request';
import { loadTexts } from '../shared/texts';
import batchModule from './batch';
import conditionsModule from './conditions';
import FormEditor from './form-editor/FormEditor';
import { loadTranslate } from './i18n';
import modelModule from './model';
import outlineModule from './outline';
import Header from './page/Header';
import Problems from './page/Problems';
import Publishing from './page/Publishing';
import Autosave from './save/Autosave';
import sidePanelModule from './side-panel';
import toolsModule from './tools';

import '../shared/diagram.css';
import './designer.css';

const ZOOM_STEP = 1.2;

async function start(root) {
  const { language, textsUrl, diagramUrl, picksUrl, draftUrl, problemsUrl, publishUrl, formsUrl, checkUrl, helpUrl, revision, nextVersion } = root.dataset;

  await loadTexts(textsUrl, language);

  const [ translate, server, xml ] = await Promise.all([
    loadTranslate(language),
    send('GET', picksUrl),
    fetch(diagramUrl).then(response => response.text())
  ]);

  const part = name => root.querySelector(`[data-part="${ name }"]`),
        showPanel = () => { root.dataset.view = 'panel'; };

  const formEditor = new FormEditor(part('form-editor'), { forms: formsUrl }, form => {
    server.forms = [ ...server.forms.filter(({ id }) => id !== form.id), form ].sort((a, b) => a.name.localeCompare(b.name));
    modeler.get('eventBus').fire('bpm.picks.changed');
  });

  const modeler = new Modeler({
    container: part('canvas'),
    additionalModules: [
      { translate: [ 'value', translate ] },
      batchModule, modelModule, conditionsModule, toolsModule, sidePanelModule, outlineModule
    ],
    moddleExtensions,
    bpmnRenderer: rendererColours,
    designer: {
      server, showPanel, urls: { checkUrl, helpUrl },
      panel: part('panel'), outline: part('outline'), palette: part('palette'),
      openFormEditor: options => formEditor.open(options)
    }
  });

  const problems = new Problems(part('problems'), modeler, showPanel),
        commandStack = modeler.get('commandStack'),
        canvas = modeler.get('canvas');

  const autosave = new Autosave(modeler, {
    url: draftUrl,
    revision: Number(revision),
    tell: (state, details) => {
      header.tell(state, details);
      header.setPublishable(state !== 'conflict');

      if (details?.problems) {
        problems.show(details.problems);
      }
    }
  });

  const publishing = new Publishing(part('publish-dialog'), {
    url: publishUrl, autosave, problems,
    onPublished: answer => {
      autosave.restart();
      header.setNextVersion(answer.number + 1);
      header.setPublishable(false);
      header.tell('published', answer);
    }
  });

  const actions = {
    undo: () => commandStack.canUndo() && commandStack.undo(),
    redo: () => commandStack.canRedo() && commandStack.redo(),
    publish: () => publishing.start(),
    steps: () => { root.dataset.view = 'steps'; },
    'zoom-in': () => canvas.zoom(canvas.zoom() * ZOOM_STEP, 'auto'),
    'zoom-out': () => canvas.zoom(canvas.zoom() / ZOOM_STEP, 'auto'),
    'zoom-fit': () => fit(canvas),
    'process': () => {
      modeler.get('selection').select(null);
      showPanel();
    },
    reload: () => location.reload(),
    'download': async () => download((await modeler.saveXML({ format: true })).xml, root.dataset.fileName),
    'close-dialog': () => root.querySelector('dialog[open]')?.close()
  };

  const header = new Header(root, modeler, { actions, nextVersion });

  await modeler.importXML(xml);

  part('canvas').querySelector('svg').setAttribute('aria-label', part('canvas').getAttribute('aria-label'));
  fitWhole(canvas, modeler.get('elementRegistry').find(element => element.type === 'bpmn:StartEvent' && element.parent === canvas.getRootElement()));
  addKeys(root, actions, autosave);

  // the list of problems takes room from the canvas when it is opened
  new ResizeObserver(() => canvas.resized()).observe(part('canvas'));

  header.setPublishable(Number(revision) > 0);

  send('GET', problemsUrl).then(({ problems: list }) => autosave.isDirty || problems.show(list));

  root.dataset.ready = 'yes';

  // for the tests: words of bpmn-js that nobody has translated
  root.missingTexts = translate.missing;
}


// local functions //////////

function addKeys(root, actions, autosave) {
  document.addEventListener('keydown', event => {
    if (!(event.ctrlKey || event.metaKey) || event.defaultPrevented || root.querySelector('dialog[open]')) {
      return;
    }

    const key = event.key.toLowerCase();

    if (key === 's') {
      event.preventDefault();
      document.activeElement?.blur();
      setTimeout(() => autosave.flush());
    } else if ((key === 'z' || key === 'y') && !isTyping(event.target)) {
      event.preventDefault();
      actions[key === 'y' || event.shiftKey ? 'redo' : 'undo']();
    }
  });

  root.querySelector('[data-part="panel"]').addEventListener('keydown', event => {
    if (event.key === 'Escape' && !event.target.closest('details[open].bpm-menu')) {
      root.dataset.view = 'steps';
      root.querySelector('.bpm-step[aria-current="step"], .bpm-step')?.focus();
    }
  });
}

function isTyping(node) {
  return node.matches('textarea, select, input:not([type=checkbox])') || node.isContentEditable;
}

function download(xml, name) {
  const link = document.createElement('a');

  link.href = URL.createObjectURL(new Blob([ xml ], { type: 'application/xml' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

const root = document.querySelector('#designer');

start(root).catch(error => {
  const failure = root.querySelector('[data-part="failure"]');

  root.dataset.ready = 'failed';
  failure.hidden = false;
  failure.querySelector('[data-part="failure-words"]').textContent = error.message;
});
