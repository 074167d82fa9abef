import { bring } from '../../shared/fit';
import { t, tn } from '../../shared/texts';
import { el } from '../side-panel/controls';
import { canMend, mend } from './mend';

/** What the server's check found, in plain words: marks at the elements, and a list whose entries lead there. */
export default class Problems {

  /**
   * @param {HTMLElement} root where the list is shown
   * @param {Modeler} modeler
   * @param {() => void} showPanel
   */
  constructor(root, modeler, showPanel) {
    this._root = root;
    this._modeler = modeler;
    this._showPanel = showPanel;
    this._marked = [];
    this.list = [];

    modeler.on('elements.changed', () => this._remark());
  }

  get errors() {
    return this.list.filter(({ severity }) => severity === 'error');
  }

  show(list) {
    this.list = list;
    this._modeler.get('eventBus').fire('bpm.problems', { problems: list });
    this._remark();
    this._draw();
  }

  open() {
    const details = this._root.querySelector('details');

    if (details) {
      details.open = true;
      details.querySelector('summary').focus();
    }
  }

  _draw() {
    const wasOpen = this._root.querySelector('details')?.open ?? false,
          { length } = this.list;

    this._root.classList.toggle('bpm-has-errors', this.errors.length > 0);

    this._root.replaceChildren(length
      ? el('details', { open: wasOpen },
        el('summary', { textContent: tn('{n} thing to mend', '{n} things to mend', length) }),
        el('ul', { role: 'list' }, this.list.map(problem => el('li', {}, this._entry(problem)))))
      : el('p', { className: 'bpm-fine', textContent: t('Nothing to mend: this can be published.') }));
  }

  _entry(problem) {
    const { element, message, severity, advice } = problem,
          target = this._modeler.get('elementRegistry').get(element),
          name = target?.businessObject.name,
          entry = el('button', {
            type: 'button', className: `bpm-problem bpm-${ severity }`, 'data-element': element || '', onclick: () => this._go(element)
          },
          el('span', { textContent: message }),
          name && !message.includes(name) && el('small', { textContent: name }),
          advice && el('small', { textContent: advice }));

    return canMend(this._modeler, problem.fix)
      ? el('div', { className: 'bpm-mendable' }, entry, el('button', {
        type: 'button', className: 'button bpm-mend', textContent: t('Fix'), onclick: () => this._mend(problem)
      }))
      : entry;
  }

  // one command, so that it can be undone; the next save checks again
  _mend(problem) {
    mend(this._modeler, problem.fix);
    this.show(this.list.filter(other => other !== problem));
  }

  _go(id) {
    const [ selection, canvas, registry ] = [ 'selection', 'canvas', 'elementRegistry' ].map(name => this._modeler.get(name)),
          target = registry.get(id);

    selection.select(target && target !== canvas.getRootElement() ? target : null);

    if (target) {
      bring(canvas, target, 80);
    }

    this._showPanel();
    this._modeler.get('sidePanel').focus();
  }

  // elements may have come and gone since the check
  _remark() {
    const canvas = this._modeler.get('canvas'),
          registry = this._modeler.get('elementRegistry');

    for (const [ id, marker ] of this._marked) {
      if (registry.get(id)) {
        canvas.removeMarker(id, marker);
      }
    }

    this._marked = this.list.filter(({ element }) => registry.get(element) && element !== canvas.getRootElement().id)
      .map(({ element, severity }) => [ element, `bpm-problem-${ severity }` ]);

    this._marked.forEach(([ id, marker ]) => canvas.addMarker(id, marker));
  }
}
