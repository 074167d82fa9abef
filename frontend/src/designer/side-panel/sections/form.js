import { t } from '../../../shared/texts';
import { button, el, hint, section, select } from '../controls';

/**
 * Which form is filled in: choose one, see what it asks, make a new one or change it, both on its own page.
 *
 * @param {Object} context
 * @param {{ key?: string, choose: (key: string) => void, suggested?: string, title?: string }} options
 */
export function formSection({ server, config }, { key, choose, suggested, title = t('Form') }) {
  const form = server.forms.find(({ id }) => id === key),
        options = server.forms.map(({ id, name, draft }) => ({ id, name: draft ? t('{name} (draft)', { name }) : name }));

  const begin = async () => choose(await config.forms.begin(suggested || t('New form')));

  return section(title,
    select('form', [ { id: '', name: t('No form') }, ...options ], key, choose, title),
    form && (form.fields.length ? el('ul', { className: 'bpm-form-fields' }, form.fields.map(({ label, required }) =>
      el('li', {}, label, required && el('span', { className: 'bpm-faint', textContent: ' · ' + t('required') })))) : hint(t('This form asks nothing yet.'))),
    form?.draft && hint(t('This form is a draft: publish it before the process.')),
    key && !form && hint(t('There is no form “{key}” yet.', { key })),
    el('div', { className: 'bpm-row' },
      button('new-form', '+ ' + t('New form'), begin),
      form && el('a', { className: 'button small', href: form.address, target: '_blank', textContent: t('Edit the form'), onclick: () => config.forms.leave() })));
}
