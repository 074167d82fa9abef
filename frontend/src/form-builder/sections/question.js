/** What is asked, what kind of answer is wanted, and what can be chosen. */
import { field, fold, hint, section, select, textarea } from '../../designer/side-panel/controls';
import { t } from '../../shared/texts';
import { alike } from '../fieldTypes';
import { toValues, translated } from '../values';
import { authorsLanguage, LANGUAGES, textIn, textOf } from '../words';

export function question(part, edit) {
  const path = edit.model.selected,
        name = part.type === 'text' ? t('Text to read') : part.type === 'group' ? t('Title of the section') : part.type === 'dynamiclist' ? t('Title of the table') : t('Question');

  if (part.type === 'text') {
    return section(t('What it says'),
      edit.words('text', name, part.text, text => edit.update({ text }), { rows: 6 }),
      hint(t('A line with # is a heading, one with - a point of a list; {…} shows a value.')));
  }

  return section(t('What is asked'),
    edit.words('label', name, part.label || part.dateLabel || part.timeLabel, label => edit.model.label(path, label)),
    edit.words('description', t('Help below it'), part.description, description => edit.update({ description })),
    part.type === 'dynamiclist' && edit.words('rowLabel', t('What one line is called'), part.rowLabel, rowLabel => edit.update({ rowLabel })));
}

export function answer(part, edit) {
  return section(t('The answer'), field(t('Kind of answer'), select('type', alike(part.type), part.type, type => edit.model.retype(edit.model.selected, type))));
}

// one answer a line; an answer keeps its value when only its words or the order change
export function choices(part, edit) {
  const lines = language => (part.values || []).map(({ label, value }) => textIn(label, language) || (language === authorsLanguage() ? textOf(label) || String(value) : '')).join('\n'),
        others = LANGUAGES.filter(({ id }) => id !== authorsLanguage());

  return section(t('Answers to choose from'),
    part.valuesExpression
      ? hint(t('The answers are computed; see “Advanced”.'))
      : [
        field(t('One answer a line'), textarea('options', lines(authorsLanguage()), text => edit.update({ values: toValues(text, part.values || []) }), { rows: Math.max(3, (part.values || []).length + 1) })),
        part.values?.length > 0 && fold('options-languages', t('In other languages'), others.map(({ id, name }) =>
          field(name, textarea(`options-${ id }`, lines(id), text => edit.update({ values: translated(part.values, text, id) }), { rows: part.values.length })), ))
      ]);
}
