/** The key of a field, and what is computed of it. */
import { checkbox, field, fold, input } from '../../designer/side-panel/controls';
import { expressionField } from '../../designer/side-panel/ExpressionField';
import { freeKey } from '../../shared/keys';
import { t } from '../../shared/texts';
import { CHOICES, HOLDERS } from '../fieldTypes';
import { equal, toDefault } from '../values';

export function advanced(part, edit) {
  const name = part.type === 'dynamiclist' || part.type === 'group' ? 'path' : 'key',
        context = edit.context(),
        simple = !HOLDERS.includes(part.type) && part.type !== 'expression';

  const key = field(t('Key'), input('key', part[name], key => {
    const taken = edit.model.keys().filter(other => other !== part[name]);

    edit.update({ [name]: name === 'path' && part.type === 'group' && !key ? undefined : freeKey(key, taken) });
  }), part.type === 'group' ? t('With a key, the answers of this section are kept together under it.') : t('Conditions and formulas call the answer by this name. It was made of the question.'));

  const formula = (name, label, value, save, help) => {
    const control = input(name, value, save);

    return field(label, expressionField(context, 'value', control), help);
  };

  return fold('advanced', t('Advanced'),
    key,
    simple && formula('default', t('What stands in it at first'), part.default === undefined ? part.defaultValue : typeof part.default === 'string' ? part.default : JSON.stringify(part.default),
      text => edit.update({ default: toDefault(part, text), defaultValue: undefined }), t('A value, or a formula that begins with =')),
    simple && checkbox('readonly', t('Only to be read'), part.readonly === true || part.disabled === true, on => edit.update({ readonly: on || undefined, disabled: undefined })),
    CHOICES.includes(part.type) && formula('valuesExpression', t('Answers from a formula'), part.valuesExpression, text => edit.update(text ? { valuesExpression: equal(text), values: undefined } : { valuesExpression: undefined, values: part.values || [] }), t('A list of texts, or of {value, label}')),
    part.type === 'person' && formula('choices', t('Who can be chosen, from a formula'), part.choices, text => edit.update({ choices: text ? equal(text) : undefined }), t('A list of login names')));
}
