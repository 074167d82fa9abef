/** The builder of forms. #form-builder says in data-* attributes where its data is. */
import Publishing from '../designer/page/Publishing';
import Autosave from '../designer/save/Autosave';
import { bindActions, download, fail, tellState } from '../shared/page';
import { send } from '../shared/request';
import { loadTexts, t } from '../shared/texts';
import FormModel from './FormModel';
import Panel from './Panel';
import Problems from './Problems';
import Sheet, { drawPalette, title } from './Sheet';
import Trial from './Trial';
import { textOf } from './words';

import '../designer/designer.css';
import './form-builder.css';

class FormAutosave extends Autosave {

  _content() {
    return { content: this._modeler.content };
  }
}

async function start(root) {
  const { language, textsUrl, contentUrl, draftUrl, publishUrl, trialUrl, checkUrl, helpUrl, revision, nextVersion, fileName } = root.dataset;

  await loadTexts(textsUrl, language);

  const opened = await send('GET', contentUrl),
        model = new FormModel(opened),
        part = name => root.querySelector(`[data-part="${ name }"]`),
        tell = words => { part('told').textContent = words; },
        view = name => { root.dataset.view = name; };

  const openPanel = () => {
    view('panel');
    panel.focus();
  };

  const add = (type, path) => {
    model.add(type, path);
    tell(t('“{name}” was added.', { name: title(model.part()) }));
    openPanel();
  };

  const sheet = new Sheet(part('sheet'), model, { open: () => matchMedia('(max-width: 760px)').matches && openPanel(), tell, add }),
        panel = new Panel(part('panel'), model, { urls: { checkUrl, helpUrl }, buttons: opened.buttons, tell }),
        trial = new Trial(part('paper'), trialUrl, () => model.content, () => part('trial-language').value);

  part('sheet').addEventListener('keydown', event => {
    if (event.key === 'Enter' && event.target.dataset.path !== undefined) {
      event.preventDefault();
      event.target.click();
      openPanel();
    }
  });

  part('panel').addEventListener('keydown', event => {
    if (event.key === 'Escape') {
      event.target.blur();
      view('form');
      sheet.focus();
    }
  });

  const problems = new Problems(part('problems'), ({ at }) => {
    model.select(at.length && model.part(at) ? at : null);
    openPanel();
  }, list => sheet.showProblems(list));

  const setPublishable = yes => { part('publish').disabled = !yes; },
        setNumber = number => { part('publish').textContent = t('Publish version {number}', { number }); };

  const autosave = new FormAutosave(model, {
    url: draftUrl,
    revision: Number(revision),
    tell: (state, details) => {
      tellState(root, state, details);
      setPublishable(state !== 'conflict');

      if (details?.problems) {
        problems.show(details.problems);
      }
    }
  });

  const publishing = new Publishing(part('publish-dialog'), {
    url: publishUrl, autosave, problems,
    onPublished: answer => {
      autosave.restart();
      model.published = model.keys();
      setNumber(answer.number + 1);
      setPublishable(false);
      tellState(root, 'published', answer);
    }
  });

  const pressed = (pairs, current) => pairs.forEach(name => root.querySelector(`[data-action="${ name }"]`).setAttribute('aria-pressed', String(name === current)));

  const showTrial = on => {
    view(on ? 'trial' : 'form');
    part('trial').hidden = !on;
    part('sheet').hidden = on;
    pressed([ 'build', 'try' ], on ? 'try' : 'build');

    return on && trial.show();
  };

  const width = name => {
    part('paper').dataset.width = name;
    pressed([ 'wide', 'phone' ], name);
  };

  bindActions(root, {
    undo: () => model.undo(),
    redo: () => model.redo(),
    save: () => autosave.flush(),
    publish: () => publishing.start(),
    build: () => showTrial(false),
    try: () => showTrial(true),
    wide: () => width('wide'),
    phone: () => width('phone'),
    empty: () => trial.empty(),
    back: () => view('form'),
    reload: () => autosave.leave(),
    'take-mine': () => autosave.takeMine(),
    download: () => download(JSON.stringify(model.content, null, 2), fileName, 'application/json'),
    'close-dialog': () => root.querySelector('dialog[open]')?.close()
  });

  part('trial-language').addEventListener('change', () => trial.show());

  model.on('changed', () => {
    part('undo').disabled = !model.canUndo;
    part('redo').disabled = !model.canRedo;
    part('name').textContent = textOf(model.content.title) || t('Without a title');

    if (!part('trial').hidden) {
      trial.show();
    }
  });

  setNumber(nextVersion);
  setPublishable(Number(revision) > 0);
  drawPalette(part('palette'), add);
  sheet.draw();
  panel.draw();
  problems.show(opened.problems);
  root.dataset.ready = 'yes';
}

const root = document.querySelector('#form-builder');

start(root).catch(error => fail(root, error));
