import { send } from '../shared/request';
import { t } from '../shared/texts';

const PAUSE = 350;

/** What the cells of a table show beside their words: that they fit the trial, or what is wrong while one types. */
export default class Cells {

  /**
   * @param {HTMLElement} canvas where dmn-js draws
   * @param {HTMLElement} told where it is said what is wrong with a cell
   * @param {string} url of the check of expressions
   * @param {() => Object[]} decisions of the model
   */
  constructor(canvas, told, url, decisions) {
    Object.assign(this, { _canvas: canvas, _told: told, _url: url, _decisions: decisions, _matched: [] });

    canvas.addEventListener('input', ({ target }) => this._typed(target), true);
    canvas.addEventListener('keyup', ({ target }) => this._typed(target), true);

    // dmn-js draws rows anew when they change
    new MutationObserver(() => this._mark()).observe(canvas, { childList: true, subtree: true });
  }

  highlight(rules) {
    this._matched = rules;
    this._mark();
  }

  highlightNumbers(numbers) {
    const rows = [ ...new Set([ ...this._canvas.querySelectorAll('td[data-row-id]') ].map(({ dataset }) => dataset.rowId)) ];

    this.highlight(numbers.map(number => rows[number - 1]).filter(Boolean));
  }

  clear() {
    this.highlight([]);
  }

  _mark() {
    for (const cell of this._canvas.querySelectorAll('td[data-row-id]')) {
      const on = this._matched.includes(cell.dataset.rowId);

      if (cell.classList.contains('bpm-matched') !== on) {
        cell.classList.toggle('bpm-matched', on);
      }
    }
    // also for the table to be read on a phone
    for (const row of document.querySelectorAll('tr[data-rule]')) {
      row.classList.toggle('bpm-matched', this._matched.includes(row.dataset.rule));
    }
  }

  _typed(target) {
    const cell = target.closest?.('td.input-cell, td.output-cell');

    if (!cell) {
      return;
    }

    clearTimeout(this._timer);
    this._timer = setTimeout(() => this._check(cell), PAUSE);
  }

  async _check(cell) {
    const lines = [ ...cell.querySelectorAll('.cm-line') ],
          text = (lines.length ? lines.map(({ textContent }) => textContent).join('\n') : cell.textContent).trim();

    if (text === this._last) {
      return;
    }

    this._last = text;
    this._request?.abort();

    if (!text || text === '-') {
      return this._say(cell, []);
    }

    const request = this._request = new AbortController(),
          kind = cell.classList.contains('input-cell') ? 'tests' : 'expression';

    try {
      const { findings } = await send('POST', this._url, { kind, text, names: this._names(), forms: [], complete: false }, { signal: request.signal });

      if (!request.signal.aborted) {
        this._say(cell, findings);
      }
    } catch {
      // nobody answers: the table is checked when it is saved
    }
  }

  _say(cell, findings) {
    const faults = findings.filter(({ severity }) => severity === 'error');

    cell.classList.toggle('bpm-faulty', faults.length > 0);
    this._told.textContent = findings.length ? `${ t('This cell:') } ${ findings.map(({ message }) => message).join(' ') }` : '';
    this._told.dataset.state = faults.length ? 'error' : '';
  }

  _names() {
    return Object.fromEntries(this._decisions().flatMap(({ name, id, decisionLogic }) => [
      [ id, '' ], [ name || id, '' ], ...(decisionLogic?.input || []).map(({ inputExpression }) => [ inputExpression?.text || '', inputExpression?.typeRef || '' ])
    ]).filter(([ name ]) => name));
  }
}
