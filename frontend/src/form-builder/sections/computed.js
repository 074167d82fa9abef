/** How a value is worked out that nobody fills in. */
import { field, input, insertValue, section, select, textarea } from '../../designer/side-panel/controls';
import { expressionField } from '../../designer/side-panel/ExpressionField';
import { t } from '../../shared/texts';

export function computed(part, edit) {
  const control = textarea('expression', part.expression || '', expression => edit.update({ expression }), { rows: 3 });

  return section(t('How is it computed?'),
    field(t('Formula'), expressionField(edit.context(), 'expression', control, { extra: insertValue('expression-insert', control, edit.fields(), key => key) }),
      t('For instance {example}. It is worked out while people fill in the form.', { example: 'sum(lines.price) * 1.23' })),
    field(t('What comes out'), select('result', [
      { id: '', name: t('Anything') }, { id: 'number', name: t('Number') }, { id: 'money', name: t('Money') }, { id: 'text', name: t('Words') },
      { id: 'date', name: t('Date') }, { id: 'boolean', name: t('Yes or no') }, { id: 'list', name: t('A list') }
    ], part.result, result => edit.update({ result }))),
    part.result === 'money' && field(t('Currency'), input('currency', part.currency, currency => edit.update({ currency }), { maxLength: 8 })),
    [ 'number', 'money' ].includes(part.result) && edit.whole(part, 'decimalDigits', t('Digits after the point')));
}
