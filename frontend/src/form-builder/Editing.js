import { checkbox, el, field, fold, hint, input, textarea } from '../designer/side-panel/controls';
import { expressionField } from '../designer/side-panel/ExpressionField';
import { t } from '../shared/texts';
import { rules, toNumber, toWhole } from './values';
import { whenRows } from './When';
import { authorsLanguage, LANGUAGES, textIn, textOf, withText } from './words';

/** What the sections of the panel change the selected field with, and the controls that several of them have. */
export default class Editing {

  /**
   * @param {FormModel} model
   * @param {ExpressionCheck} check
   * @param {{ id: string, name: string }[]} buttons under which the form is sent
   */
  constructor(model, check, buttons) {
    Object.assign(this, { model, check, buttons });
  }

  /** The other fields, which conditions and formulas can name. */
  fields() {
    return this.model.fields(this.model.selected);
  }

  context() {
    return { check: this.check, fields: this.fields() };
  }

  update(properties) {
    this.model.update(this.model.selected, properties);
  }

  rule(changes) {
    this.update({ validate: rules(this.model.part(), changes) });
  }

  several(part) {
    return checkbox('multiple', t('Several at once'), part.multiple === true, on => this.update({ multiple: on || undefined }));
  }

  whole(part, name, label) {
    return field(label, input(name, part[name], text => this.update({ [name]: toWhole(text) }), { type: 'number', min: 0, inputMode: 'numeric' }));
  }

  wholeRule(part, name, label) {
    return field(label, input(name, part.validate?.[name], text => this.rule({ [name]: toWhole(text) }), { type: 'number', min: 0, inputMode: 'numeric' }));
  }

  limit(part, name, label, type = 'text') {
    const value = part.validate?.[name],
          isFormula = typeof value === 'string' && value.startsWith('='),
          save = text => this.rule({ [name]: text === '' ? undefined : text.startsWith('=') || type === 'date' ? text : toNumber(text) ?? text });

    return field(label, isFormula || type !== 'date'
      ? expressionField(this.context(), 'value', input(name, value, save, { inputMode: isFormula ? 'text' : 'decimal' }))
      : input(name, value, save, { type }), type === 'date' ? undefined : '');
  }

  when(prefix, part, when, text, { rows, text: toText, note }) {
    return [
      prefix === 'show' && !when && !text && hint(t('Always, unless you add a condition.')),
      note && hint(note),
      whenRows(prefix, this.context(), {
        when, text: text || '',
        save: when => this.update(rows(when?.rules.length ? when : undefined)),
        write: text => this.update(toText(text))
      })
    ];
  }

  /** A text with those of other languages folded away. */
  words(name, label, texts, save, { rows } = {}) {
    const control = (name, value, save) => rows ? textarea(name, value, save, { rows }) : input(name, value, save),
          others = LANGUAGES.filter(({ id }) => id !== authorsLanguage());

    return el('div', { className: 'bpm-words' },
      field(label, control(name, textIn(texts, authorsLanguage()) || textOf(texts), text => save(withText(texts, text)))),
      fold(`${ name }-languages`, t('In other languages'), others.map(({ id, name: language }) =>
        field(language, control(`${ name }-${ id }`, textIn(texts, id), text => save(withText(texts, text, id)))))));
  }
}
