import { csrfToken } from '../shared/request';
import { t } from '../shared/texts';

const MARK = 'trial.';

/**
 * The form as people will see it, drawn and checked by the server as for them; nothing is kept. What was filled in stays
 * while the form is changed.
 */
export default class Trial {

  /**
   * @param {HTMLElement} paper where it is shown
   * @param {string} url
   * @param {() => Object} content of the form
   * @param {() => string} language
   */
  constructor(paper, url, content, language) {
    Object.assign(this, { _paper: paper, _url: url, _content: content, _language: language });

    paper.addEventListener('submit', event => {
      event.preventDefault();

      const { submitter } = event,
            moves = submitter?.name.startsWith('form.');

      this._ask(moves ? { [submitter.name]: submitter.value } : { [`${ MARK }button`]: submitter?.value ?? '' }, !moves);
    }, true);

    // fields appear, vanish and are computed as others are filled in
    paper.addEventListener('change', ({ target }) => target.type !== 'file' && this._ask({}));
  }

  show() {
    return this._ask({});
  }

  empty() {
    this._paper.replaceChildren();

    return this._ask({});
  }

  async _ask(more, answered = false) {
    const form = this._paper.querySelector('form'),
          body = form ? new FormData(form) : new FormData();

    body.set(`${ MARK }content`, JSON.stringify(this._content()));
    body.set(`${ MARK }language`, this._language());
    Object.entries(more).forEach(([ name, value ]) => body.set(name, value));

    this._request?.abort();

    const sent = entries(this._paper),
          request = this._request = new AbortController();

    try {
      const response = await fetch(this._url, { method: 'POST', body, signal: request.signal, headers: { 'X-CSRFToken': csrfToken(), 'HX-Request': 'true' } }),
            html = await response.text();

      if (!request.signal.aborted) {
        this._draw(response.ok ? html : null, answered, sent);
      }
    } catch (failure) {
      if (failure.name !== 'AbortError') {
        this._draw(null);
      }
    }
  }

  _draw(html, answered, sent) {
    const { activeElement } = document,
          focused = this._paper.contains(activeElement) ? activeElement.id : '',
          cursor = focused && activeElement.selectionStart,
          typedMeanwhile = [ ...entries(this._paper) ].filter(([ id, value ]) => sent?.has(id) && sent.get(id) !== value);

    if (html === null) {
      this._paper.textContent = t('The form cannot be shown now. Mend what is listed and try again.');

      return;
    }

    const holder = document.createElement('template');

    holder.innerHTML = html;
    this._paper.replaceChildren(holder.content);
    this._paper.dataset.drawn = String(Number(this._paper.dataset.drawn || 0) + 1);

    for (const [ id, value ] of typedMeanwhile) {
      const control = document.getElementById(id);

      if (control) {
        control.value = value;
      }
    }

    const next = answered ? this._paper.querySelector('[data-focus]') : document.getElementById(focused);

    next?.focus();

    if (next?.id === focused && typeof cursor === 'number') {
      next.setSelectionRange(cursor, cursor);
    }
  }
}


// local functions //////////

const TYPED = 'input:not([type=checkbox], [type=radio], [type=file], [type=hidden]), select, textarea';

/** What stands in the controls that are typed into or chosen from, by id. */
function entries(paper) {
  return new Map([ ...paper.querySelectorAll(TYPED) ].filter(({ id }) => id).map(({ id, value }) => [ id, value ]));
}
