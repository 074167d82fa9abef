/** Whether a field must be filled in. */
import { checkboxes, section, select } from '../../designer/side-panel/controls';
import { t } from '../../shared/texts';
import { equal, rules } from '../values';

export function required(part, edit) {
  const required = part.validate?.required,
        kind = part.requiredWhen ? 'when' : typeof required === 'string' ? 'text' : required === true ? 'always' : required ? 'buttons' : 'no',
        outcomes = required?.outcomes || (Array.isArray(required) ? required : []),
        known = [ ...edit.buttons, ...outcomes.filter(key => !edit.buttons.some(({ id }) => id === key)).map(id => ({ id, name: id })) ];

  const kinds = [
    { id: 'no', name: t('No, it may stay empty') }, { id: 'always', name: t('Yes, always') },
    { id: 'when', name: t('On a condition') },
    (known.length > 0 || kind === 'buttons') && { id: 'buttons', name: t('With some buttons only') },
    kind === 'text' && { id: 'text', name: t('On a condition') }
  ].filter(Boolean);

  const choose = kind => {
    const first = edit.fields()[0];

    edit.update({
      requiredWhen: kind === 'when' && first ? { match: 'all', rules: [ { field: first.key, op: 'filled', value: '' } ] } : undefined,
      validate: rules(part, { required: { always: true, buttons: { outcomes: known.slice(0, 1).map(({ id }) => id) } }[kind] })
    });
  };

  return section(t('Must it be filled in?'),
    select('required', kinds, kind, choose, t('Must it be filled in?')),
    kind === 'buttons' && checkboxes('required-buttons', known, outcomes, outcomes => edit.update({ validate: rules(part, { required: { outcomes } }) })),
    [ 'when', 'text' ].includes(kind) && edit.when('required', part, part.requiredWhen, typeof required === 'string' ? required : '', {
      rows: requiredWhen => ({ requiredWhen, validate: rules(part, { required: undefined }) }),
      text: text => ({ requiredWhen: undefined, validate: rules(part, { required: text ? equal(text) : undefined }) })
    }));
}
