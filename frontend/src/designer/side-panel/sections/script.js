import { t } from '../../../shared/texts';
import { field, insertValue, section, textarea } from '../controls';
import { expressionField } from '../ExpressionField';

/** Values that are computed, one a line: total := sum(items.price). */
export function scriptSections(context) {
  const script = textarea('script', context.object.script, script => context.update({ script: script.trim() || undefined }), {
    rows: 6, placeholder: 'total := amount * 1.23'
  });

  return [ section(t('What is computed'),
    field(t('One value a line'), expressionField(context, 'script', script), t('For example: total := amount * 1.23')),
    insertValue('script-insert', script, context.fields, name => name)) ];
}
