import { t } from '../../shared/texts';

/** Name, state of saving and the buttons above the drawing. Drawn by the server, kept true here. */
export default class Header {

  constructor(root, modeler, { actions, nextVersion }) {
    this._root = root;
    this._modeler = modeler;

    this.setNextVersion(nextVersion);

    root.addEventListener('click', event => {
      const action = event.target.closest('[data-action]')?.dataset.action;

      if (actions[action]) {
        event.preventDefault();
        actions[action]();
      }
    });

    modeler.on([ 'commandStack.changed', 'import.done' ], () => this._follow());
  }

  setNextVersion(number) {
    this._part('publish').textContent = t('Publish version {number}', { number });
  }

  /** Allow publishing only when there is something new. */
  setPublishable(yes) {
    this._part('publish').disabled = !yes;
  }

  /** Say beside the button why it cannot be published; '' if it can. */
  tellReason(words) {
    const reason = this._part('publish-reason');

    reason.textContent = words;
    reason.hidden = !words;
  }

  tell(state, details = {}) {
    const words = {
      unsaved: () => t('Draft, not saved yet'),
      saving: () => t('Saving…'),
      saved: () => t('Draft, saved {time}', { time: details.saved_time }),
      failed: () => details.message || t('Not saved: the server cannot be reached. It is tried again.'),
      conflict: () => details.copy ? t('Kept as a copy, {time}', { time: details.copy.time }) : t('Not saved'),
      published: () => t('Version {number} is published', { number: details.number }),
      unchanged: () => t('As published')
    }[state]();

    const status = this._part('status');

    status.textContent = words;
    status.dataset.state = state;

    if (state === 'conflict') {
      this._part('conflict').hidden = false;
      this._part('conflict-words').textContent = details.copy
        ? `${ details.message } ${ t('What you draw here is kept as “{copy}”.', { copy: details.copy.label }) }`
        : details.message;
      this._part('conflict-copy').hidden = !details.copy;
      this._part('conflict-download').hidden = !!details.copy;

      if (details.copy) {
        this._part('conflict-compare').href = details.copy.compare;
      }
    }
  }

  _follow() {
    const commandStack = this._modeler.get('commandStack');

    this._part('undo').disabled = !commandStack.canUndo();
    this._part('redo').disabled = !commandStack.canRedo();
    this._part('name').textContent = this._modeler.get('fields').process().name || t('Without a name');
  }

  _part(name) {
    return this._root.querySelector(`[data-part="${ name }"]`);
  }
}
