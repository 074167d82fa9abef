import { csrfToken } from '../shared/request';
import { t } from '../shared/texts';

const PAUSE = 400;

/** Fields for what a decision depends on; the server answers, with the rules that fit. Nothing is kept. */
export default class DecisionTrial {

  /**
   * @param {HTMLElement} root
   * @param {string} url
   * @param {() => Promise<{ xml: string }>} read the model as it stands
   * @param {(rules: string[]) => void} highlight is told the rules that fitted
   */
  constructor(root, url, read, highlight) {
    Object.assign(this, { _root: root, _url: url, _read: read, _highlight: highlight, decision: null, _asked: false });

    root.addEventListener('submit', event => {
      event.preventDefault();
      this._asked = true;
      this._ask(true);
    });

    root.addEventListener('input', () => {
      clearTimeout(this._timer);
      this._timer = setTimeout(() => this._asked && this._ask(true), PAUSE);
    });
  }

  /** Show the fields of a decision. */
  open(decision) {
    this.decision = decision;
    this._asked = false;
    this._highlight([]);

    return this._ask(false);
  }

  /** The table has changed: other fields, another answer. */
  refresh() {
    return this.decision && this._ask(this._asked);
  }

  async _ask(answered) {
    const values = Object.fromEntries([ ...this._root.querySelectorAll('[data-question]') ].map(node => [ node.dataset.question, node.value ])),
          focused = this._root.contains(document.activeElement) ? document.activeElement : null,
          caret = focused?.selectionStart;

    this._request?.abort();

    const request = this._request = new AbortController();

    try {
      const { xml } = await this._read(),
            body = JSON.stringify({ xml, decision: this.decision, values: answered ? values : null });

      const response = await fetch(this._url, {
        method: 'POST', body, signal: request.signal, headers: { 'Content-Type': 'application/json', 'X-CSRFToken': csrfToken(), 'HX-Request': 'true' }
      });

      const html = await response.text();

      if (!request.signal.aborted) {
        this._draw(response.ok ? html : '', values, focused?.id, caret);
      }
    } catch (failure) {
      if (failure.name !== 'AbortError') {
        this._root.textContent = t('The decision cannot be asked now. Try again.');
      }
    }
  }

  _draw(html, values, focused, caret) {
    const holder = document.createElement('template');

    holder.innerHTML = html;

    const answer = this._root.querySelector('[data-part=answer]'),
          next = holder.content.querySelector('[data-part=answer]');

    // what is typed while the answer comes stays as it is; the answer is told by the same place
    if (answer && next && sameQuestions(this._root, holder.content) && !holder.content.querySelector('.has-error') && !this._root.querySelector('.has-error')) {
      answer.replaceChildren(...next.childNodes);
    } else {
      this._root.replaceChildren(holder.content);

      for (const node of this._root.querySelectorAll('[data-question]')) {
        node.value ||= values[node.dataset.question] || '';
      }

      const control = focused && document.getElementById(focused);

      control?.focus({ preventScroll: true });

      if (typeof caret === 'number') {
        control?.setSelectionRange?.(caret, caret);
      }
    }

    this._highlight([ ...this._root.querySelectorAll('[data-matched]') ].map(node => node.dataset.matched));
  }
}


// local functions //////////

function sameQuestions(old, fresh) {
  const names = node => [ ...node.querySelectorAll('[data-question]') ].map(one => `${ one.dataset.question }:${ one.type }:${ labelOf(one) }`).join('|');

  return names(old) === names(fresh);
}

function labelOf(control) {
  return control.closest('.field')?.querySelector('label')?.textContent.trim();
}
