import { send } from '../../shared/request';
import { t, tn } from '../../shared/texts';
import { offerPeople } from '../../shared/mentions';
import { button, el, fold, hint, section } from '../side-panel/controls';

const TYPE = 'bpm-comments';

/**
 * What people say of elements: read from the server, shown as a section of the side panel and as a badge at each element
 * of which something is open. What is being typed outlives a redraw of the panel.
 */
export default class Comments {

  /**
   * @param {Modeler} modeler
   * @param {string} url where they are kept; GET `${ url }.json` lists them
   */
  constructor(modeler, url) {
    this._modeler = modeler;
    this._url = url;
    this._threads = [];
    this._people = [];
    this._typed = new Map();

    modeler.on('import.done', () => this._mark());
    modeler.get('eventBus').on('shape.added', () => this._markSoon());

    send('GET', `${ url }.json`).then(answer => this._show(answer), () => {});
  }

  /** The section of the panel about one element. */
  section({ id }) {
    const threads = this._threads.filter(({ element }) => element === id),
          open = threads.filter(({ resolved }) => !resolved),
          settled = threads.filter(({ resolved }) => resolved);

    return section(open.length ? t('Comments ({n} open)', { n: open.length }) : t('Comments'),
      open.map(thread => this._thread(thread)),
      settled.length > 0 && fold(`settled-${ id }`, tn('{n} settled', '{n} settled', settled.length), settled.map(thread => this._thread(thread))),
      this._fault && el('p', { className: 'bpm-form-problems', role: 'alert', textContent: this._fault }),
      this._writer(`new-${ id }`, t('New comment'), t('Send the comment'), { element: id }),
      hint(t('Write @ and a name to tell somebody.')));
  }

  _thread(thread) {
    const { id, comments, resolved, resolved_by: by, version } = thread;

    return el('div', { className: `bpm-card bpm-thread${ resolved ? ' bpm-settled' : '' }`, role: 'group', 'aria-label': t('Conversation') },
      version && hint(t('Said of version {number}', { number: version })),
      comments.map(({ author, at, parts }) => el('div', { className: 'bpm-comment' },
        el('p', { className: 'bpm-help' }, el('b', { textContent: author }), ` ${ at }`),
        el('p', { className: 'bpm-comment-text' }, parts.map(({ text, person }) => person ? el('span', { className: 'bpm-mention', title: text, textContent: person }) : text)))),
      resolved && hint(t('Settled by {who}', { who: by || '' })),
      resolved
        ? button(`reopen-${ id }`, t('Open again'), () => this._send(`/${ id }/reopen`, {}))
        : [
          this._writer(`answer-${ id }`, t('Your answer'), t('Answer'), { thread: id }),
          button(`resolve-${ id }`, t('Settle'), () => this._send(`/${ id }/resolve`, {}))
        ]);
  }

  _writer(name, label, words, fields) {
    const control = el('textarea', {
      name, rows: 2, maxLength: 5000, value: this._typed.get(name) || '', 'aria-label': label, placeholder: label,
      oninput: () => this._typed.set(name, control.value)
    });

    const submit = async () => {
      const text = control.value.trim();

      if (!text) {
        control.focus();

        return;
      }

      if (await this._send('', { ...fields, text })) {
        this._typed.delete(name);
        // the panel waits with its redraw while something is being typed
        control.dispatchEvent(new Event('change', { bubbles: true }));
        this._changed();
      }
    };

    control.addEventListener('keydown', event => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        submit();
      }
    });

    const node = el('div', { className: 'bpm-writer' }, control, button(`send-${ name }`, words, submit));

    offerPeople(control, () => this._people);

    return node;
  }

  async _send(path, fields) {
    const form = new FormData();

    Object.entries(fields).forEach(([ name, value ]) => form.set(name, value));

    try {
      this._show(await send('POST', this._url + path, form));

      return true;
    } catch ({ message }) {
      this._fault = message || t('The comment could not be sent. Try again.');
      this._changed();

      return false;
    }
  }

  _show({ threads, people }) {
    this._fault = '';
    this._threads = threads;
    this._people = people;
    this._mark();
    this._changed();
  }

  _changed() {
    this._modeler.get('eventBus').fire('bpm.picks.changed');
  }

  _markSoon() {
    clearTimeout(this._timer);
    this._timer = setTimeout(() => this._mark());
  }

  _mark() {
    const overlays = this._modeler.get('overlays'),
          registry = this._modeler.get('elementRegistry'),
          counts = new Map();

    overlays.remove({ type: TYPE });

    for (const { element, resolved } of this._threads) {
      if (!resolved && registry.get(element)?.parent) {
        counts.set(element, (counts.get(element) || 0) + 1);
      }
    }

    counts.forEach((n, element) => {
      const words = tn('{n} open comment', '{n} open comments', n);

      overlays.add(element, TYPE, {
        position: { top: -12, left: -8 },
        html: el('div', { className: 'bpm-comment-badge', title: words, textContent: String(n), role: 'img', 'aria-label': words })
      });
    });
  }
}
