import { send } from '../../shared/request';
import { t } from '../../shared/texts';
import { button, checkbox, el, field, hint, input, removeButton, select, textarea } from '../side-panel/controls';
import { freeKey } from './keys';

const CHOICES = [ 'select', 'radio', 'checklist', 'taglist' ],
      SIMPLE = [ 'textfield', 'textarea', 'number', 'money', 'datetime', 'checkbox', 'filepicker', 'person', 'text', ...CHOICES ];

/**
 * A dialog in which a form is made: rows of label, kind, required, options. Saving publishes the form.
 *
 * Parts of a form that these rows cannot show (groups, lists, conditions) are kept as they are.
 */
export default class FormEditor {

  /**
   * @param {HTMLDialogElement} dialog
   * @param {{ forms: string }} urls where forms are read and published
   * @param {(form: Object) => void} onSaved told the form as the lists of choices show it
   */
  constructor(dialog, urls, onSaved) {
    this._dialog = dialog;
    this._urls = urls;
    this._onSaved = onSaved;

    dialog.addEventListener('close', () => this._finish?.(this._saved));
  }

  /** @return {Promise<string|undefined>} the key of the form that was saved */
  async open({ key, title = '' }) {
    const content = key ? await send('GET', `${ this._urls.forms }/${ encodeURIComponent(key) }`) : {};

    this._key = key;
    this._saved = undefined;
    this._rest = content;
    this._title = textOf(content.title) || title;
    this._rows = (content.components || []).map(toRow);

    if (!key) {
      this._rows.push(emptyRow());
    }

    this._draw();
    this._dialog.showModal();
    this._dialog.querySelector('[name=form-title]').focus();

    return new Promise(resolve => { this._finish = resolve; });
  }

  _draw(focus) {
    const rows = this._rows.map((row, index) => this._row(row, index));

    this._problems = el('div', { className: 'bpm-form-problems', role: 'alert' });

    this._dialog.setAttribute('aria-labelledby', 'bpm-form-heading');
    this._dialog.replaceChildren(el('form', { className: 'bpm-form-editor', method: 'dialog', onsubmit: event => this._submit(event) },
      el('h2', { id: 'bpm-form-heading', textContent: this._key ? t('Change the form') : t('New form') }),
      field(t('Title of the form'), input('form-title', this._title, title => { this._title = title; }, { required: true })),
      this._key && hint(t('Every process that uses this form will ask the changed questions.')),
      el('ol', { className: 'bpm-form-rows' }, rows),
      button('add-field', '+ ' + t('Add a field'), () => {
        this._rows.push(emptyRow());
        this._draw(`field-${ this._rows.length - 1 }-label`);
      }, 'button'),
      this._problems,
      el('div', { className: 'bpm-dialog-actions' },
        el('button', { className: 'button primary', textContent: t('Save the form') }),
        button('cancel', t('Cancel'), () => this._dialog.close(), 'button'))));

    if (focus) {
      this._dialog.querySelector(`[name="${ focus }"]`)?.focus();
    }
  }

  _row(row, index) {
    const name = part => `field-${ index }-${ part }`,
          label = row.label || t('Field {number}', { number: index + 1 });

    const move = by => {
      const [ moved ] = this._rows.splice(index, 1);

      this._rows.splice(index + by, 0, moved);
      this._draw(`field-${ index + by }-${ by < 0 ? 'up' : 'down' }`);
    };

    const buttons = el('div', { className: 'bpm-row-buttons' },
      index > 0 && button(name('up'), '↑', () => move(-1), 'bpm-remove'),
      index < this._rows.length - 1 && button(name('down'), '↓', () => move(1), 'bpm-remove'),
      removeButton(name('remove'), t('Remove “{name}”', { name: label }), () => {
        this._rows.splice(index, 1);
        this._draw('add-field');
      }));

    buttons.querySelector(`[name="${ name('up') }"]`)?.setAttribute('aria-label', t('Move “{name}” up', { name: label }));
    buttons.querySelector(`[name="${ name('down') }"]`)?.setAttribute('aria-label', t('Move “{name}” down', { name: label }));

    if (row.kept) {
      return el('li', { className: 'bpm-card bpm-form-row' },
        el('div', { className: 'bpm-row' }, el('span', { textContent: t('“{name}”: kept as it is', { name: label }) }), buttons));
    }

    return el('li', { className: 'bpm-card bpm-form-row', role: 'group', 'aria-label': label },
      el('div', { className: 'bpm-form-cells' },
        field(row.type === 'text' ? t('Text to read') : t('Question'), input(name('label'), row.label, text => { row.label = text; })),
        field(t('Kind of answer'), select(name('type'), types(), row.type, type => {
          row.type = type;
          this._draw(name('type'));
        })),
        row.type !== 'text' && checkbox(name('required'), t('Required'), row.required, on => { row.required = on; }),
        buttons),
      CHOICES.includes(row.type) && field(t('Answers to choose from, one a line'), textarea(name('options'), row.options, text => { row.options = text; }, { rows: 3 })),
      row.key && el('span', { className: 'bpm-faint', textContent: t('In conditions: {key}', { key: row.key }) }));
  }

  async _submit(event) {
    event.preventDefault();

    const components = this._components();

    if (!components.length) {
      this._say([ t('Add at least one field with a question.') ]);

      return;
    }

    try {
      const form = await send('POST', this._urls.forms, {
        key: this._key || null, content: { ...this._rest, type: 'default', title: this._titleIn(), components }
      });

      this._saved = form.id;
      this._onSaved(form);
      this._dialog.close();
    } catch (refused) {
      const problems = refused.data?.problems?.map(({ path, text }) => [ path, text ].filter(Boolean).join(': ')) || [];

      this._say(problems.length ? problems : [ refused.message || t('The form could not be saved. Try again.') ]);
    }
  }

  _titleIn() {
    return withText(this._rest.title, this._title);
  }

  _components() {
    const taken = this._rows.map(({ key }) => key).filter(Boolean);

    return this._rows.filter(row => row.kept || row.label).map(row => {
      if (row.kept) {
        return row.source;
      }

      if (row.type !== 'text' && !row.key) {
        row.key = freeKey(row.label, taken);
        taken.push(row.key);
      }

      return toComponent(row);
    });
  }

  _say(problems) {
    this._problems.replaceChildren(el('ul', {}, problems.map(textContent => el('li', { textContent }))));
  }
}


// local functions //////////

function types() {
  return [
    { id: 'textfield', name: t('Words') },
    { id: 'textarea', name: t('Long text') },
    { id: 'number', name: t('Number') },
    { id: 'money', name: t('Money') },
    { id: 'datetime', name: t('Date') },
    { id: 'checkbox', name: t('Yes or no') },
    { id: 'select', name: t('One from a list') },
    { id: 'radio', name: t('One of a few') },
    { id: 'checklist', name: t('Several of a few') },
    { id: 'taglist', name: t('Several from a list') },
    { id: 'person', name: t('A person') },
    { id: 'filepicker', name: t('A file') },
    { id: 'text', name: t('A text to read') }
  ];
}

function emptyRow() {
  return { type: 'textfield', label: '', required: false, options: '' };
}

function toRow(source) {
  const kept = !SIMPLE.includes(source.type);

  return {
    kept, source, key: source.key, type: source.type,
    label: textOf(source.type === 'text' ? source.text : source.label || source.dateLabel) || source.key || '',
    required: source.validate?.required === true,
    options: (source.values || []).map(({ label, value }) => textOf(label) || value).join('\n')
  };
}

function toComponent({ source = {}, type, key, label, required, options }) {
  const { validate, values, label: oldLabel, text, dateLabel, ...others } = source,
        sameType = source.type === type,
        component = { ...(sameType ? others : {}), type };

  if (type === 'text') {
    return { ...component, text: withText(text, label) };
  }

  component.key = key;
  component.label = withText(oldLabel || dateLabel, label);

  const rules = { ...(sameType ? validate : {}), required: required || (typeof validate?.required === 'object' ? validate.required : undefined) };

  if (Object.values(rules).some(value => value !== undefined && value !== false)) {
    component.validate = rules;
  }

  if (type === 'datetime') {
    component.subtype = others.subtype || 'date';
  }

  if (CHOICES.includes(type)) {
    component.values = toValues(options, values || []);
  }

  return component;
}

// an answer keeps its value when only the order changes
function toValues(options, old) {
  const taken = [];

  return options.split('\n').map(line => line.trim()).filter(Boolean).map(words => {
    const known = old.find(({ label, value }) => (textOf(label) || value) === words),
          value = known && !taken.includes(known.value) ? known.value : freeKey(words, [ ...taken, ...old.map(({ value }) => value) ], 'answer');

    taken.push(value);

    return { value, label: known ? known.label : words };
  });
}

function textOf(texts) {
  return typeof texts === 'string' ? texts : texts?.[document.documentElement.lang] || texts?.en || Object.values(texts || {})[0] || '';
}

/** Change the text in the author's language and keep the others. */
function withText(old, text) {
  const { lang } = document.documentElement;

  return old && typeof old === 'object' ? { ...old, [lang in old ? lang : 'en' in old ? 'en' : lang]: text } : text;
}

