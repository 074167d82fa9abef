import { el } from '../designer/side-panel/controls';
import { t, tn } from '../shared/texts';

/** What a table leaves open: inputs that no rule fits, and rules that contradict each other, each by an example. */
export default class Findings {

  /**
   * @param {HTMLElement} root
   * @param {HTMLElement} open where the dialog of publishing says what is left open
   * @param {(rules: number[]) => void} highlight
   */
  constructor(root, open, highlight) {
    Object.assign(this, { _root: root, _open: open, _highlight: highlight, _tables: [], _id: null });
  }

  show(tables, id = this._id) {
    this._tables = tables;
    this.select(id);
  }

  select(id) {
    const table = this._tables.find(one => one.id === id);

    this._id = id;

    if (!table) {
      this._root.replaceChildren();

      return;
    }

    const { findings, doubts } = table;

    this._root.replaceChildren(
      ...findings.length ? [ el('ul', { className: 'bpm-findings' }, findings.map(({ kind, text, rules }) => el('li', {}, rules.length
        ? el('button', { type: 'button', className: `bpm-problem bpm-${ kind === 'clash' ? 'error' : 'warning' }`, textContent: text, onclick: () => this._highlight(rules) })
        : el('p', { className: 'bpm-problem bpm-warning', textContent: text })))) ] : [],
      ...doubts.map(textContent => el('p', { className: 'bpm-help', textContent })),
      ...findings.length || doubts.length ? [] : [ el('p', { className: 'bpm-complete', textContent: t('Yes: no gap and no contradiction was found.') }) ]);
  }

  /** Gaps and clashes do not forbid to publish, but whoever does it should know of them. */
  tellOpen() {
    const count = this._tables.reduce((sum, { findings }) => sum + findings.length, 0);

    this._open.hidden = !count;
    this._open.textContent = count ? tn('{n} gap or contradiction is left: see “Is it complete?”.', '{n} gaps and contradictions are left: see “Is it complete?”.', count) : '';
  }
}
