import { bindActions, tellState } from '../../shared/page';
import { t } from '../../shared/texts';

/** Name, state of saving and the buttons above the drawing. Drawn by the server, kept true here. */
export default class Header {

  constructor(root, modeler, { actions, nextVersion }) {
    this._root = root;
    this._modeler = modeler;

    this.setNextVersion(nextVersion);

    bindActions(root, actions);
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

  tell(state, details) {
    tellState(this._root, state, details, copy => t('What you draw here is kept as “{copy}”.', { copy }));
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
