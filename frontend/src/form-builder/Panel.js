import { button, el, hint, redraw, section } from '../designer/side-panel/controls';
import ExpressionCheck from '../designer/side-panel/ExpressionCheck';
import { t } from '../shared/texts';
import Editing from './Editing';
import { CHOICES, expressionType, HOLDERS, STILL, typeName } from './fieldTypes';
import { advanced } from './sections/advanced';
import { computed } from './sections/computed';
import { limits } from './sections/limits';
import { place } from './sections/place';
import { answer, choices, question } from './sections/question';
import { required } from './sections/required';
import { title } from './Sheet';
import { equal } from './values';

// the letters typed into a list belong together for so long; drawing it anew would part them
const TYPING = 1000;

/** The settings of the selected field, or of the form. Controls keep their names, so that the focus survives a redraw. */
export default class Panel {

  /**
   * @param {HTMLElement} root
   * @param {FormModel} model
   * @param { { urls: Object, buttons: Object[], tell: (words: string) => void } } page
   */
  constructor(root, model, { urls, buttons, tell }) {
    Object.assign(this, { _root: root, _model: model, _tell: tell, _shown: null, _pressed: false, _waiting: false });

    const check = new ExpressionCheck(urls, () => ({
      names: { initiator: 'string', outcome: 'string', ...Object.fromEntries(this._edit.fields().map(({ key, part }) => [ key, expressionType(part) ])) },
      forms: [], complete: false
    }));

    this._edit = new Editing(model, check, buttons);

    model.on('changed', () => this._soon());
    model.on('selected', () => this._soon());

    root.addEventListener('submit', event => event.preventDefault());
    root.addEventListener('keydown', ({ target }) => { this._typed = target.matches('select') ? Date.now() : 0; });
    root.addEventListener('focusout', ({ target }) => {
      if (target.matches('select') && this._typed) {
        this._typed = 0;
        this._soon();
      }
    });
    root.addEventListener('pointerdown', () => { this._pressed = true; });

    for (const end of [ 'pointerup', 'pointercancel' ]) {
      addEventListener(end, () => {
        this._pressed = false;

        if (this._waiting) {
          this._waiting = false;
          this._soon();
        }
      });
    }
  }

  /** Put the cursor into the first control. */
  focus() {
    clearTimeout(this._timer);
    this.draw();

    const control = this._root.querySelector('input, textarea, select');

    control?.focus();
    control?.select?.();
  }

  _soon() {
    clearTimeout(this._timer);
    this._timer = setTimeout(() => {
      if (this._pressed) {
        this._waiting = true;
      } else {
        this.draw();
      }
    }, document.activeElement?.matches('select') && this._root.contains(document.activeElement) ? Math.max(0, (this._typed || 0) + TYPING - Date.now()) : 0);
  }

  draw() {
    const active = this._root.contains(document.activeElement) ? document.activeElement : null,
          id = this._model.selected?.join('-') ?? '',
          scroll = this._root.scrollTop,
          form = el('form', { className: 'bpm-panel-form' }, this._model.part() ? this._partForm(this._model.part()) : this._formForm());

    if (id === this._shown) {
      redraw(this._root, [ form ]);
      this._root.scrollTop = scroll;

      if (active?.name) {
        const control = this._root.querySelector(`[name="${ CSS.escape(active.name) }"]`);

        control?.focus({ preventScroll: true });

        if (control?.setSelectionRange && typeof active.selectionStart === 'number') {
          control.setSelectionRange(active.selectionStart, active.selectionEnd);
        }
      }
    } else {
      this._root.replaceChildren(form);
      this._root.scrollTop = 0;
    }

    this._shown = id;
  }

  _formForm() {
    const { content } = this._model;

    return [
      el('h2', { className: 'bpm-panel-title', textContent: t('The form') }),
      this._edit.words('title', t('Title of the form'), content.title, title => this._model.change(content => { content.title = title; })),
      hint(t('Press a field to change it. With the keyboard: arrows walk the fields, Alt and an arrow moves one, Delete takes it away.'))
    ];
  }

  _partForm(part) {
    const still = STILL.includes(part.type),
          holds = HOLDERS.includes(part.type);

    return [
      el('h2', { className: 'bpm-panel-title', textContent: typeName(part.type) }),
      part.type !== 'separator' && question(part, this._edit),
      !still && !holds && answer(part, this._edit),
      CHOICES.includes(part.type) && choices(part, this._edit),
      !still && !holds && part.type !== 'expression' && required(part, this._edit),
      part.type === 'expression' && computed(part, this._edit),
      limits(part, this._edit),
      section(t('When is it shown?'), this._edit.when('show', part, part.showWhen, part.conditional?.hide, {
        rows: showWhen => ({ showWhen, conditional: undefined }),
        text: hide => ({ showWhen: undefined, conditional: hide ? { hide: equal(hide) } : undefined }),
        note: !part.showWhen && part.conditional?.hide && t('The text says when the field is hidden.')
      })),
      place(part, this._edit),
      !still && advanced(part, this._edit),
      el('div', { className: 'bpm-row bpm-part-actions' },
        button('copy', t('Copy'), () => this._model.copy(this._model.selected)),
        button('remove', t('Delete'), () => {
          this._model.remove(this._model.selected);
          this._tell(t('“{name}” was removed. Undo brings it back.', { name: title(part) }));
        }))
    ];
  }
}
