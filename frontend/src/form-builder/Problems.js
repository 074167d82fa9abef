import { el } from '../designer/side-panel/controls';
import { t, tn } from '../shared/texts';

/** What must be mended before a form or a decision is published; each entry leads to its place. */
export default class Problems {

  /**
   * @param {HTMLElement} root
   * @param {(problem: Object) => void} go
   * @param {(problems: Object[]) => void} [onShown]
   */
  constructor(root, go, onShown = () => {}) {
    Object.assign(this, { _root: root, _go: go, _onShown: onShown, list: [] });
  }

  get errors() {
    return this.list;
  }

  show(list) {
    const wasOpen = this._root.querySelector('details')?.open ?? false;

    this.list = list;
    this._root.classList.toggle('bpm-has-errors', list.length > 0);
    this._root.replaceChildren(list.length
      ? el('details', { open: wasOpen },
        el('summary', { textContent: tn('{n} thing to mend', '{n} things to mend', list.length) }),
        el('ul', {}, list.map(problem => el('li', {}, el('button', { type: 'button', className: 'bpm-problem bpm-error', onclick: () => this._go(problem) },
          el('span', { textContent: problem.text }), problem.path && el('small', { textContent: problem.path }))))))
      : el('p', { className: 'bpm-fine', textContent: t('Nothing to mend: this can be published.') }));
    this._onShown(list);
  }

  open() {
    const details = this._root.querySelector('details');

    if (details) {
      details.open = true;
      details.querySelector('summary').focus();
    }
  }
}
