import { button, checkbox, checkboxes, el, field, fold, hint, input, insertValue, redraw, section, select, textarea } from '../designer/side-panel/controls';
import ExpressionCheck from '../designer/side-panel/ExpressionCheck';
import { expressionField } from '../designer/side-panel/ExpressionField';
import { freeKey } from '../shared/keys';
import { t } from '../shared/texts';
import { alike, CHOICES, expressionType, HOLDERS, STILL, typeName } from './fieldTypes';
import { title } from './Sheet';
import { whenRows } from './When';
import { authorsLanguage, textIn, textOf, withText } from './words';

// the letters typed into a list belong together for so long; drawing it anew would part them
const TYPING = 1000;

const LANGUAGES = [ { id: 'en', name: 'English' }, { id: 'ru', name: 'Русский' }, { id: 'pl', name: 'Polski' } ],
      NUMBERS = [ 'number', 'money' ],
      TEXTS = [ 'textfield', 'textarea' ];

/** The settings of the selected field, or of the form. Controls keep their names, so that the focus survives a redraw. */
export default class Panel {

  /**
   * @param {HTMLElement} root
   * @param {FormModel} model
   * @param { { urls: Object, buttons: Object[], tell: (words: string) => void } } page
   */
  constructor(root, model, { urls, buttons, tell }) {
    Object.assign(this, { _root: root, _model: model, _buttons: buttons, _tell: tell, _shown: null, _pressed: false, _waiting: false });

    this._check = new ExpressionCheck(urls, () => ({
      names: { initiator: 'string', outcome: 'string', ...Object.fromEntries(this._fields().map(({ key, part }) => [ key, expressionType(part) ])) },
      forms: [], complete: false
    }));

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

  _fields() {
    return this._model.fields(this._model.selected);
  }

  _formForm() {
    const { content } = this._model;

    return [
      el('h2', { className: 'bpm-panel-title', textContent: t('The form') }),
      this._words('title', t('Title of the form'), content.title, title => this._model.change(content => { content.title = title; })),
      hint(t('Press a field to change it. With the keyboard: arrows walk the fields, Alt and an arrow moves one, Delete takes it away.'))
    ];
  }

  _partForm(part) {
    const still = STILL.includes(part.type),
          holds = HOLDERS.includes(part.type);

    return [
      el('h2', { className: 'bpm-panel-title', textContent: typeName(part.type) }),
      part.type !== 'separator' && this._question(part),
      !still && !holds && this._answer(part),
      CHOICES.includes(part.type) && this._choices(part),
      !still && !holds && part.type !== 'expression' && this._required(part),
      part.type === 'expression' && this._computed(part),
      this._limits(part),
      section(t('When is it shown?'), this._when('show', part, part.showWhen, part.conditional?.hide, {
        rows: showWhen => ({ showWhen, conditional: undefined }),
        text: hide => ({ showWhen: undefined, conditional: hide ? { hide: equal(hide) } : undefined }),
        note: !part.showWhen && part.conditional?.hide && t('The text says when the field is hidden.')
      })),
      this._place(part),
      !still && this._advanced(part),
      el('div', { className: 'bpm-row bpm-part-actions' },
        button('copy', t('Copy'), () => this._model.copy(this._model.selected)),
        button('remove', t('Delete'), () => {
          this._model.remove(this._model.selected);
          this._tell(t('“{name}” was removed. Undo brings it back.', { name: title(part) }));
        }))
    ];
  }

  _question(part) {
    const path = this._model.selected,
          name = part.type === 'text' ? t('Text to read') : part.type === 'group' ? t('Title of the section') : part.type === 'dynamiclist' ? t('Title of the table') : t('Question');

    if (part.type === 'text') {
      return section(t('What it says'),
        this._words('text', name, part.text, text => this._update({ text }), { rows: 6 }),
        hint(t('A line with # is a heading, one with - a point of a list; {…} shows a value.')));
    }

    return section(t('What is asked'),
      this._words('label', name, part.label || part.dateLabel || part.timeLabel, label => this._model.label(path, label)),
      this._words('description', t('Help below it'), part.description, description => this._update({ description })),
      part.type === 'dynamiclist' && this._words('rowLabel', t('What one line is called'), part.rowLabel, rowLabel => this._update({ rowLabel })));
  }

  _answer(part) {
    return section(t('The answer'), field(t('Kind of answer'), select('type', alike(part.type), part.type, type => this._model.retype(this._model.selected, type))));
  }

  // one answer a line; an answer keeps its value when only its words or the order change
  _choices(part) {
    const lines = language => (part.values || []).map(({ label, value }) => textIn(label, language) || (language === authorsLanguage() ? textOf(label) || String(value) : '')).join('\n'),
          others = LANGUAGES.filter(({ id }) => id !== authorsLanguage());

    return section(t('Answers to choose from'),
      part.valuesExpression
        ? hint(t('The answers are computed; see “Advanced”.'))
        : [
          field(t('One answer a line'), textarea('options', lines(authorsLanguage()), text => this._update({ values: toValues(text, part.values || []) }), { rows: Math.max(3, (part.values || []).length + 1) })),
          part.values?.length > 0 && fold('options-languages', t('In other languages'), others.map(({ id, name }) =>
            field(name, textarea(`options-${ id }`, lines(id), text => this._update({ values: translated(part.values, text, id) }), { rows: part.values.length })), ))
        ]);
  }

  _required(part) {
    const required = part.validate?.required,
          kind = part.requiredWhen ? 'when' : typeof required === 'string' ? 'text' : required === true ? 'always' : required ? 'buttons' : 'no',
          outcomes = required?.outcomes || (Array.isArray(required) ? required : []),
          known = [ ...this._buttons, ...outcomes.filter(key => !this._buttons.some(({ id }) => id === key)).map(id => ({ id, name: id })) ];

    const kinds = [
      { id: 'no', name: t('No, it may stay empty') }, { id: 'always', name: t('Yes, always') },
      { id: 'when', name: t('On a condition') },
      (known.length > 0 || kind === 'buttons') && { id: 'buttons', name: t('With some buttons only') },
      kind === 'text' && { id: 'text', name: t('On a condition') }
    ].filter(Boolean);

    const choose = kind => {
      const first = this._fields()[0];

      this._update({
        requiredWhen: kind === 'when' && first ? { match: 'all', rules: [ { field: first.key, op: 'filled', value: '' } ] } : undefined,
        validate: rules(part, { required: { always: true, buttons: { outcomes: known.slice(0, 1).map(({ id }) => id) } }[kind] })
      });
    };

    return section(t('Must it be filled in?'),
      select('required', kinds, kind, choose, t('Must it be filled in?')),
      kind === 'buttons' && checkboxes('required-buttons', known, outcomes, outcomes => this._update({ validate: rules(part, { required: { outcomes } }) })),
      [ 'when', 'text' ].includes(kind) && this._when('required', part, part.requiredWhen, typeof required === 'string' ? required : '', {
        rows: requiredWhen => ({ requiredWhen, validate: rules(part, { required: undefined }) }),
        text: text => ({ requiredWhen: undefined, validate: rules(part, { required: text ? equal(text) : undefined }) })
      }));
  }

  _when(prefix, part, when, text, { rows, text: toText, note }) {
    return [
      prefix === 'show' && !when && !text && hint(t('Always, unless you add a condition.')),
      note && hint(note),
      whenRows(prefix, this._context(), {
        when, text: text || '',
        save: when => this._update(rows(when?.rules.length ? when : undefined)),
        write: text => this._update(toText(text))
      })
    ];
  }

  _computed(part) {
    const control = textarea('expression', part.expression || '', expression => this._update({ expression }), { rows: 3 });

    return section(t('How is it computed?'),
      field(t('Formula'), expressionField(this._context(), 'expression', control, { extra: insertValue('expression-insert', control, this._fields(), key => key) }),
        t('For instance {example}. It is worked out while people fill in the form.', { example: 'sum(lines.price) * 1.23' })),
      field(t('What comes out'), select('result', [
        { id: '', name: t('Anything') }, { id: 'number', name: t('Number') }, { id: 'money', name: t('Money') }, { id: 'text', name: t('Words') },
        { id: 'date', name: t('Date') }, { id: 'boolean', name: t('Yes or no') }, { id: 'list', name: t('A list') }
      ], part.result, result => this._update({ result }))),
      part.result === 'money' && field(t('Currency'), input('currency', part.currency, currency => this._update({ currency }), { maxLength: 8 })),
      [ 'number', 'money' ].includes(part.result) && this._whole(part, 'decimalDigits', t('Digits after the point')));
  }

  _limits(part) {
    const parts = [
      TEXTS.includes(part.type) && [
        part.type === 'textfield' && field(t('It is'), select('validationType', [
          { id: '', name: t('any text') }, { id: 'email', name: t('an e-mail address') }, { id: 'phone', name: t('a telephone number') }
        ], part.validate?.validationType, validationType => this._rule({ validationType: validationType || undefined }))),
        this._wholeRule(part, 'minLength', t('At least so many letters')), this._wholeRule(part, 'maxLength', t('At most so many letters'))
      ],
      NUMBERS.includes(part.type) && [
        part.type === 'money' && field(t('Currency'), input('currency', part.currency, currency => this._update({ currency }), { maxLength: 8 })),
        this._limit(part, 'min', t('Not below')), this._limit(part, 'max', t('Not above')),
        this._whole(part, 'decimalDigits', t('Digits after the point')),
        field(t('In steps of'), input('increment', part.increment, text => this._update({ increment: toNumber(text) }), { inputMode: 'decimal' })),
        part.type === 'number' && field(t('Unit after the number'), input('suffix', textOf(part.appearance?.suffixAdorner), suffix =>
          this._update({ appearance: suffix ? { ...part.appearance, suffixAdorner: suffix } : undefined }), { maxLength: 20 }))
      ],
      part.type === 'datetime' && [
        field(t('What is asked'), select('subtype', [ { id: 'date', name: t('A day') }, { id: 'time', name: t('A time of day') }, { id: 'datetime', name: t('A day and a time') } ], part.subtype || 'date', subtype => this._update({ subtype }))),
        part.subtype !== 'time' && [
          checkbox('disallowPassedDates', t('No days in the past'), part.disallowPassedDates === true, on => this._update({ disallowPassedDates: on || undefined })),
          this._limit(part, 'min', t('Not before'), 'date'), this._limit(part, 'max', t('Not after'), 'date')
        ]
      ],
      part.type === 'filepicker' && [
        this._several(part),
        field(t('Kinds of files'), input('accept', part.accept, accept => this._update({ accept })), t('For instance .pdf, .docx; empty: any')),
        checkbox('versions', t('Show the present version'), part.versions === true, on => this._update({ versions: on || undefined })),
        checkbox('newVersion', t('A new version must be given'), part.newVersion === true, on => this._update({ newVersion: on || undefined }))
      ],
      part.type === 'person' && [
        this._several(part),
        fold('groups', t('Only people of some groups'), checkboxes('groups', this._model.picks.groups, part.groups || [], groups => this._update({ groups: groups.length ? groups : undefined })))
      ],
      part.type === 'persongroup' && this._several(part),
      part.type === 'record' && [
        field(t('Kind of record'), select('recordType', [ { id: '', name: t('Choose…') }, ...this._model.picks.recordTypes ], part.recordType, recordType => this._update({ recordType }))),
        this._several(part)
      ],
      part.type === 'dynamiclist' && [
        this._whole(part, 'defaultRepetitions', t('Lines at first')),
        checkbox('allowAddRemove', t('People may add and take away lines'), part.allowAddRemove !== false, on => this._update({ allowAddRemove: on }))
      ]
    ].filter(Boolean);

    return parts.length > 0 && section(HOLDERS.includes(part.type) ? t('Lines') : t('What fits'), ...parts);
  }

  _place(part) {
    const path = this._model.selected,
          within = this._model.part(path.slice(0, -1)),
          sections = this._model.content.components.map((part, index) => ({ part, id: String(index) })).filter(({ part: other }) => HOLDERS.includes(other.type) && other !== part);

    return section(t('Where it stands'),
      !HOLDERS.includes(part.type) && part.type !== 'separator' && field(t('Width'), select('width', [
        { id: '16', name: t('The whole line') }, { id: '12', name: t('Three quarters') }, { id: '10', name: t('Two thirds') }, { id: '8', name: t('A half') }, { id: '6', name: t('A third') }, { id: '4', name: t('A quarter') }
      ], String(nearest(part.layout?.columns)), columns => this._update({ layout: columns === '16' ? undefined : { ...part.layout, columns: Number(columns) } })), t('Narrow fields share a line; on a phone each has its own.')),
      sections.length > 0 && !HOLDERS.includes(part.type) && field(t('Within'), select('within', [ { id: '', name: t('The form itself') }, ...sections.map(({ part, id }) => ({ id, name: title(part) })) ],
        within && path.length === 2 ? String(path[0]) : '', index => this._model.move(path, index === '' ? [ this._model.content.components.length ] : [ Number(index), this._model.part([ Number(index) ]).components.length ]))),
      el('div', { className: 'bpm-row' },
        button('up', t('Move up'), () => this._model.step(path, -1)), button('down', t('Move down'), () => this._model.step(path, 1))));
  }

  _advanced(part) {
    const name = part.type === 'dynamiclist' || part.type === 'group' ? 'path' : 'key',
          context = this._context(),
          simple = !HOLDERS.includes(part.type) && part.type !== 'expression';

    const key = field(t('Key'), input('key', part[name], key => {
      const taken = this._model.keys().filter(other => other !== part[name]);

      this._update({ [name]: name === 'path' && part.type === 'group' && !key ? undefined : freeKey(key, taken) });
    }), part.type === 'group' ? t('With a key, the answers of this section are kept together under it.') : t('Conditions and formulas call the answer by this name. It was made of the question.'));

    const formula = (name, label, value, save, help) => {
      const control = input(name, value, save);

      return field(label, expressionField(context, 'value', control), help);
    };

    return fold('advanced', t('Advanced'),
      key,
      simple && formula('default', t('What stands in it at first'), part.default === undefined ? part.defaultValue : typeof part.default === 'string' ? part.default : JSON.stringify(part.default),
        text => this._update({ default: toDefault(part, text), defaultValue: undefined }), t('A value, or a formula that begins with =')),
      simple && checkbox('readonly', t('Only to be read'), part.readonly === true || part.disabled === true, on => this._update({ readonly: on || undefined, disabled: undefined })),
      CHOICES.includes(part.type) && formula('valuesExpression', t('Answers from a formula'), part.valuesExpression, text => this._update(text ? { valuesExpression: equal(text), values: undefined } : { valuesExpression: undefined, values: part.values || [] }), t('A list of texts, or of {value, label}')),
      part.type === 'person' && formula('choices', t('Who can be chosen, from a formula'), part.choices, text => this._update({ choices: text ? equal(text) : undefined }), t('A list of login names')));
  }

  _context() {
    return { check: this._check, fields: this._fields() };
  }

  _update(properties) {
    this._model.update(this._model.selected, properties);
  }

  _rule(changes) {
    this._update({ validate: rules(this._model.part(), changes) });
  }

  _several(part) {
    return checkbox('multiple', t('Several at once'), part.multiple === true, on => this._update({ multiple: on || undefined }));
  }

  _whole(part, name, label) {
    return field(label, input(name, part[name], text => this._update({ [name]: toWhole(text) }), { type: 'number', min: 0, inputMode: 'numeric' }));
  }

  _wholeRule(part, name, label) {
    return field(label, input(name, part.validate?.[name], text => this._rule({ [name]: toWhole(text) }), { type: 'number', min: 0, inputMode: 'numeric' }));
  }

  _limit(part, name, label, type = 'text') {
    const value = part.validate?.[name],
          isFormula = typeof value === 'string' && value.startsWith('='),
          save = text => this._rule({ [name]: text === '' ? undefined : text.startsWith('=') || type === 'date' ? text : toNumber(text) ?? text });

    return field(label, isFormula || type !== 'date'
      ? expressionField(this._context(), 'value', input(name, value, save, { inputMode: isFormula ? 'text' : 'decimal' }))
      : input(name, value, save, { type }), type === 'date' ? undefined : '');
  }

  /** A text with those of other languages folded away. */
  _words(name, label, texts, save, { rows } = {}) {
    const control = (name, value, save) => rows ? textarea(name, value, save, { rows }) : input(name, value, save),
          others = LANGUAGES.filter(({ id }) => id !== authorsLanguage());

    return el('div', { className: 'bpm-words' },
      field(label, control(name, textIn(texts, authorsLanguage()) || textOf(texts), text => save(withText(texts, text)))),
      fold(`${ name }-languages`, t('In other languages'), others.map(({ id, name: language }) =>
        field(language, control(`${ name }-${ id }`, textIn(texts, id), text => save(withText(texts, text, id)))))));
  }
}


// local functions //////////

function rules(part, changes) {
  const all = Object.fromEntries(Object.entries({ ...part.validate, ...changes }).filter(([ , value ]) => value !== undefined));

  return Object.keys(all).length ? all : undefined;
}

function equal(text) {
  return text.startsWith('=') ? text : `=${ text }`;
}

function toWhole(text) {
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

function toNumber(text) {
  const number = text.replace(',', '.').replace(/\s/g, '');

  return number !== '' && Number.isFinite(Number(number)) ? Number(number) : undefined;
}

function toDefault({ type }, text) {
  if (text === '' || text.startsWith('=')) {
    return text || undefined;
  }

  return type === 'checkbox' ? text === 'true' : [ 'number', 'money' ].includes(type) ? toNumber(text) ?? text : text;
}

function nearest(columns = 16) {
  return [ 16, 12, 10, 8, 6, 4 ].reduce((best, one) => Math.abs(one - columns) < Math.abs(best - columns) ? one : best);
}

/** Lines to answers: a line that was there keeps its value; one that was only reworded too. */
function toValues(text, old) {
  const lines = text.split('\n').map(line => line.trim()).filter(Boolean),
        taken = [],
        same = words => old.find(({ label, value }) => (textOf(label) || String(value)) === words && !taken.includes(value));

  const found = lines.map(words => {
    const known = same(words);

    taken.push(known?.value);

    return known && { ...known };
  });

  return found.map((known, index) => {
    if (known) {
      return known;
    }

    // reworded in place: same number of lines, and the old answer of this line is gone
    const before = lines.length === old.length && !taken.includes(old[index].value) ? old[index] : null,
          value = before ? before.value : freeKey(lines[index], [ ...taken, ...old.map(({ value }) => value) ].map(String), 'answer');

    taken.push(value);

    return { value, label: withText(before?.label, lines[index]) };
  });
}

function translated(values, text, language) {
  const lines = text.split('\n');

  return values.map((one, index) => ({ ...one, label: withText(one.label || String(one.value), (lines[index] || '').trim(), language) }));
}
