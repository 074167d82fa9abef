/**
 * The designer page. #designer says in data-* attributes where its data is; see frontend/README.md.
 */
import Modeler from 'bpmn-js/lib/Modeler';

import { rendererColours } from '../shared/colours';
import { moddleExtensions } from '../shared/dialect';
import { bring, fit, fitWhole } from '../shared/fit';
import { download, fail } from '../shared/page';
import { send } from '../shared/request';
import { followLinks } from '../shared/step-link';
import { loadTexts } from '../shared/texts';
import notationModule from '../shared/notation';
import batchModule from './batch';
import calledModule from './called';
import Comments from './comments/Comments';
import conditionsModule from './conditions';
import { loadTranslate } from './i18n';
import modelModule from './model';
import outlineModule from './outline';
import Forms from './page/Forms';
import losslessModule from './lossless';
import Drawings from './page/Drawings';
import Header from './page/Header';
import Problems from './page/Problems';
import Publishing from './page/Publishing';
import Autosave from './save/Autosave';
import sidePanelModule from './side-panel';
import toolsModule from './tools';
import { invite } from './tour/invite';
import undoModule from './undo';
import { setHelpUrl } from './side-panel/tips';

import '../shared/diagram.css';
import './designer.css';

const ZOOM_STEP = 1.2;

async function start(root) {
  const { language, textsUrl, diagramUrl, picksUrl, draftUrl, problemsUrl, publishUrl, formsUrl, checkUrl, helpUrl, layoutUrl, revision, nextVersion } = root.dataset;

  await loadTexts(textsUrl, language);

  const [ translate, server, xml ] = await Promise.all([
    loadTranslate(language),
    send('GET', picksUrl),
    fetch(diagramUrl).then(response => response.arrayBuffer()).then(withByteOrderMark)
  ]);

  setHelpUrl(root.dataset.topicUrl);

  const part = name => root.querySelector(`[data-part="${ name }"]`),
        showPanel = () => { root.dataset.view = 'panel'; };

  const forms = new Forms({ forms: formsUrl, picks: picksUrl }, server, () => modeler.get('eventBus').fire('bpm.picks.changed'));

  const modeler = new Modeler({
    container: part('canvas'),
    additionalModules: [
      { translate: [ 'value', translate ] },
      notationModule, calledModule, undoModule, losslessModule, batchModule, modelModule, conditionsModule, toolsModule, sidePanelModule, outlineModule
    ],
    moddleExtensions,
    bpmnRenderer: rendererColours,
    designer: {
      server, showPanel, urls: { checkUrl, helpUrl, layoutUrl },
      panel: part('panel'), outline: part('outline'), palette: part('palette'),
      forms
    }
  });

  const problems = new Problems(part('problems'), modeler, showPanel, reason => header.tellReason(reason)),
        commandStack = modeler.get('commandStack'),
        canvas = modeler.get('canvas');

  modeler.get('config.designer').comments = new Comments(modeler, root.dataset.commentsUrl);

  const autosave = new Autosave(modeler, {
    url: draftUrl,
    revision: Number(revision),
    isBusy: () => !!modeler.get('dragging').context(),
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
    save: () => autosave.flush(),
    publish: () => publishing.start(),
    rehearse: async () => await autosave.flush() && part('rehearse').submit(),
    problems: () => problems.open(),
    steps: () => { root.dataset.view = 'steps'; },
    'zoom-in': () => canvas.zoom(canvas.zoom() * ZOOM_STEP, 'auto'),
    'zoom-out': () => canvas.zoom(canvas.zoom() / ZOOM_STEP, 'auto'),
    'zoom-fit': () => fit(canvas),
    'process': () => {
      modeler.get('selection').select(null);
      showPanel();
    },
    reload: () => autosave.leave(),
    'take-mine': () => autosave.takeMine(),
    'download': async () => download((await modeler.saveXML({ format: true })).xml, root.dataset.fileName, 'application/xml'),
    tour: () => import('./tour/Tour').then(({ showTour }) => showTour(root)),
    'close-dialog': () => root.querySelector('dialog[open]')?.close()
  };

  const header = new Header(root, modeler, { actions, nextVersion }),
        drawings = new Drawings(part('drawings'), modeler);

  await modeler.importXML(xml);

  part('canvas').querySelector('svg').setAttribute('aria-label', part('canvas').getAttribute('aria-label'));
  fitWhole(canvas, modeler.get('elementRegistry').find(element => element.type === 'bpmn:StartEvent' && element.parent === canvas.getRootElement()));
  addKeys(root);

  // the list of problems takes room from the canvas when it is opened
  new ResizeObserver(() => canvas.resized()).observe(part('canvas'));

  followLinks(async id => {
    const element = await drawings.find(id);

    if (element && element !== canvas.getRootElement()) {
      modeler.get('selection').select(element);
      bring(canvas, element, 80);
      showPanel();
    }
  });

  followExports(root, autosave);

  header.setPublishable(Number(revision) > 0);

  send('GET', problemsUrl).then(({ problems: list }) => autosave.isDirty || problems.show(list));

  invite(root);

  root.dataset.ready = 'yes';

  // for the tests: words of bpmn-js that nobody has translated, and what would be saved; any file can be opened
  root.missingTexts = translate.missing;
  root.modeler = modeler;
}


// local functions //////////

function addKeys(root) {
  root.querySelector('[data-part="panel"]').addEventListener('keydown', event => {
    if (event.key === 'Escape' && !event.target.closest('details[open][data-menu]')) {
      root.dataset.view = 'steps';
      (root.querySelector('.bpm-step[aria-current="step"]') || root.querySelector('.bpm-step'))?.focus();
    }
  });
}

/** What is saved as a file is what is seen: first the draft is kept. */
function followExports(root, autosave) {
  root.addEventListener('click', async event => {
    const link = event.target.closest('[data-export]');

    if (!link) {
      return;
    }

    if (autosave.isDirty) {
      event.preventDefault();

      if (await autosave.flush()) {
        link.click();
      }
    } else if (autosave.revision) {
      const address = new URL(link.href);

      address.searchParams.set('of', 'draft');
      link.href = address;
    }
  });
}

// which response.text() would leave out, and so would the file that is saved
function withByteOrderMark(bytes) {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

const root = document.querySelector('#designer');

start(root).catch(error => fail(root, error));
