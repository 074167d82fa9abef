/** The editor of decision tables: dmn-js with our trial and check beside it. #decision names its addresses. */
import DmnModeler from 'dmn-js/lib/Modeler';

import Publishing from '../designer/page/Publishing';
import Autosave from '../designer/save/Autosave';
import Problems from '../form-builder/Problems';
import { rendererColours } from '../shared/colours';
import { bindActions, download, fail, tellState } from '../shared/page';
import { send } from '../shared/request';
import { loadTexts, t } from '../shared/texts';
import Cells from './Cells';
import DecisionTrial from './DecisionTrial';
import Findings from './Findings';
import { translate } from './translate';

import 'dmn-js/dist/assets/diagram-js.css';
import 'dmn-js/dist/assets/dmn-font/css/dmn.css';
import 'dmn-js/dist/assets/dmn-js-shared.css';
import 'dmn-js/dist/assets/dmn-js-drd.css';
import 'dmn-js/dist/assets/dmn-js-decision-table.css';
import 'dmn-js/dist/assets/dmn-js-decision-table-controls.css';
import 'dmn-js/dist/assets/dmn-js-literal-expression.css';
import 'dmn-js/dist/assets/dmn-js-boxed-expression.css';
import 'dmn-js/dist/assets/dmn-js-boxed-expression-controls.css';
import '../designer/designer.css';
import './decision.css';

class DecisionAutosave extends Autosave {

  async _content() {
    return { xml: (await this._modeler.saveXML()).xml };
  }
}

/** Tells of changes in any of the views as one editor does, which is what the autosave listens to. */
class Editor {

  constructor(modeler) {
    this._modeler = modeler;
    this._listeners = [];
    this.heard = new WeakSet();

    modeler.on('viewer.created', ({ viewer }) => this._hear(viewer));
  }

  _hear(viewer) {
    if (!this.heard.has(viewer)) {
      this.heard.add(viewer);
      viewer.on('commandStack.changed', ({ trigger }) => trigger !== 'clear' && this._listeners.forEach(listener => listener()));
    }
  }

  on(event, listener) {
    this._listeners.push(listener);
  }

  /** With what is being typed in a cell. */
  saveXML() {
    return this._modeler.saveXML({ format: true });
  }

  get stack() {
    return this._modeler.getActiveViewer()?.get('commandStack', false);
  }
}

async function start(root) {
  const { language, textsUrl, contentUrl, draftUrl, examineUrl, trialUrl, publishUrl, checkUrl, revision, nextVersion, fileName, shown } = root.dataset;

  await loadTexts(textsUrl, language);

  const common = { additionalModules: [ { translate: [ 'value', translate ] } ] },
        part = name => root.querySelector(`[data-part="${ name }"]`),
        xml = await fetch(contentUrl).then(response => response.text());

  const modeler = new DmnModeler({ container: part('canvas'), common, drd: { ...common, drdRenderer: rendererColours }, decisionTable: common, literalExpression: common }),
        editor = new Editor(modeler),
        trial = new DecisionTrial(part('trial'), trialUrl, () => editor.saveXML(), matched => cells.highlight(matched)),
        cells = new Cells(part('canvas'), part('cell'), checkUrl, () => tables()),
        findings = new Findings(part('findings'), part('open'), rules => cells.highlightNumbers(rules));

  const problems = new Problems(part('problems'), ({ element }) => openFor(element));

  const tables = () => modeler.getDefinitions()?.drgElement?.filter(({ $type }) => $type === 'dmn:Decision') || [],
        setPublishable = yes => { part('publish').disabled = !yes; },
        setNumber = number => { part('publish').textContent = t('Publish version {number}', { number }); };

  const told = ({ problems: list, tables: looks }) => {
    problems.show(list);
    findings.show(looks, modeler.getActiveView()?.element.id);
  };

  await modeler.importXML(xml);

  const autosave = new DecisionAutosave(editor, {
    url: draftUrl,
    revision: Number(revision),
    tell: (state, details) => {
      tellState(root, state, details);
      setPublishable(state !== 'conflict');

      if (details?.tables) {
        told(details);
        trial.refresh();
      }
    }
  });

  const publishing = new Publishing(part('publish-dialog'), {
    url: publishUrl, autosave, problems,
    onPublished: answer => {
      autosave.restart();
      setNumber(answer.number + 1);
      setPublishable(false);
      tellState(root, 'published', answer);
    }
  });

  bindActions(root, {
    undo: () => editor.stack?.canUndo() && editor.stack.undo(),
    redo: () => editor.stack?.canRedo() && editor.stack.redo(),
    save: () => autosave.flush(),
    publish: () => {
      findings.tellOpen();
      publishing.start();
    },
    reload: () => autosave.leave(),
    'take-mine': () => autosave.takeMine(),
    download: async () => download((await editor.saveXML()).xml, fileName, 'application/xml'),
    'close-dialog': () => root.querySelector('dialog[open]')?.close()
  });

  editor.on('changed', () => {
    part('undo').disabled = !editor.stack?.canUndo();
    part('redo').disabled = !editor.stack?.canRedo();
    cells.clear();
  });

  modeler.on('views.changed', () => drawViews());

  setNumber(nextVersion);
  setPublishable(Number(revision) > 0);
  await openFor(shown);
  drawViews();
  told(await send('POST', examineUrl, { xml }));
  root.dataset.ready = 'yes';

  async function openFor(id) {
    const views = modeler.getViews(),
          view = views.find(({ element, type }) => type !== 'drd' && (element.id === id || holds(element, id))) || views.find(({ type }) => type !== 'drd') || views[0];

    if (view && view !== modeler.getActiveView()) {
      await modeler.open(view);
    }
  }

  /** A drawing stands in the middle, clear of its tools and of its title. */
  async function show(view) {
    await modeler.open(view);

    if (view.type === 'drd') {
      modeler.getActiveViewer().get('canvas').zoom('fit-viewport', 'auto');
    }
  }

  function drawViews() {
    const active = modeler.getActiveView(),
          views = modeler.getViews();

    part('views').replaceChildren(...[ ...views.filter(({ type }) => type !== 'drd'), ...views.filter(({ type }) => type === 'drd') ].map(view => {
      const node = document.createElement('button');

      Object.assign(node, { type: 'button', className: 'segment', textContent: view.type === 'drd' ? t('How they hang together') : view.name || view.id });
      node.setAttribute('aria-pressed', String(view === active));
      node.onclick = () => show(view);

      return node;
    }));

    part('name').textContent = tables().find(({ id }) => id === fileName.replace(/\.dmn$/, ''))?.name || part('name').textContent;

    if (active?.element.$type === 'dmn:Decision' && active.element.id !== trial.decision) {
      trial.open(active.element.id);
      part('trial-of').textContent = active.element.name || '';
      findings.select(active.element.id);
    }
  }
}


// local functions //////////

function holds(element, id) {
  return !!id && JSON.stringify(plainIds(element.decisionLogic)).includes(JSON.stringify(id));
}

function plainIds({ id, rule = [], input = [], output = [] } = {}) {
  return [ id, ...[ ...input, ...output, ...rule ].flatMap(one => [ one.id, ...[ ...one.inputEntry || [], ...one.outputEntry || [] ].map(({ id }) => id) ]) ];
}

const root = document.querySelector('#decision');

start(root).catch(error => fail(root, error));
