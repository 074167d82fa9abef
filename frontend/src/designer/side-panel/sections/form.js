import { t } from '../../../shared/texts';
import { button, el, hint, section, select } from '../controls';

/**
 * Which form is filled in: choose one, see what it asks, make a new one or change it in place.
 *
 * @param {Object} context
 * @param {{ key?: string, choose: (key: string) => void, suggested?: string, title?: string }} options
 */
export function formSection({ server, config }, { key, choose, suggested, title = t('Form') }) {
  const form = server.forms.find(({ id }) => id === key);

  const edit = async existing => {
    const saved = await config.openFormEditor(existing ? { key: existing } : { title: suggested });

    if (saved && saved !== existing) {
      choose(saved);
    }
  };

  return section(title,
    select('form', [ { id: '', name: t('No form') }, ...server.forms ], key, choose, title),
    form && (form.fields.length ? el('ul', { className: 'bpm-form-fields' }, form.fields.map(({ label, required }) =>
      el('li', {}, label, required && el('span', { className: 'bpm-faint', textContent: ' · ' + t('required') })))) : hint(t('This form asks nothing yet.'))),
    key && !form && hint(t('There is no form “{key}” yet.', { key })),
    el('div', { className: 'bpm-row' },
      button('new-form', '+ ' + t('New form'), () => edit(null)),
      form && button('edit-form', t('Change the form'), () => edit(key))));
}

