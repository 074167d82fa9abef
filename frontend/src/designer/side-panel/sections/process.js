import { t } from '../../../shared/texts';
import { keyFrom } from '../../../shared/keys';
import { button, checkbox, checkboxes, el, field, fold, hint, input, insertValue, removeButton, section, select } from '../controls';
import { expressionField } from '../ExpressionField';
import { helpFields } from './advanced';
import { formSection } from './form';
import { labelFields } from './labels';
import { translations } from './name';

/** What belongs to the whole process: shown while nothing is selected. */
export function processSections(context) {
  const { process } = context,
        titleText = context.read('bpm:Title', process).text;

  const title = input('process-title', titleText, text => context.write('bpm:Title', text ? { text } : null, process), {
    placeholder: process.name || ''
  });

  return [
    hint(t('Select a step or an arrow to set it up. Here is what belongs to the whole process.')),
    field(t('Name of the process'), input('process-name', process.name, name => name && context.update({ name }, process))),
    translations({ ...context, readAll: type => context.readAll(type, process), writeAll: (type, list) => context.writeAll(type, list, process) }, [ 'name', 'title' ]),
    field(t('Title of a case'), expressionField(context, 'template', title), t('With values in braces: “Leave of {who}, {days} days”')),
    insertValue('process-title-insert', title, context.fields),
    startSections(context),
    settingsSection(context),
    moreSection(context)
  ].flat();
}


// local functions //////////

function startSections(context) {
  const { process, server } = context,
        read = () => context.read('bpm:Start', process),
        { form, recordType = '', recordStages = '', groups = '', persons = '', button: words, labels = [] } = read();

  const save = change => {
    const next = { ...read(), ...change };

    context.write('bpm:Start', Object.values(next).some(Boolean) ? next : null, process);
  };

  const chosen = list => list.split(',').map(key => key.trim()).filter(Boolean),
        stages = server.recordTypes.filter(({ id }) => chosen(recordType).includes(id)).flatMap(({ fields }) => fields.find(({ key }) => key === 'stage')?.options || []),
        limited = !!(groups || persons);

  return [
    formSection(context, { key: form, title: t('Form to start with'), suggested: process.name, choose: form => save({ form: form || undefined }) }),
    section(t('Who may start it'),
      select('start-who', [ { id: '', name: t('Everybody') }, { id: 'some', name: t('Only these') } ], limited ? 'some' : '', choice => save({
        groups: choice ? server.groups[0]?.id : undefined, persons: undefined
      }), t('Who may start it')),
      limited && el('div', { className: 'bpm-scroll' },
        checkboxes('start-group', server.groups, chosen(groups), ids => save({ groups: ids.join(',') || undefined })),
        checkboxes('start-person', server.people, chosen(persons), ids => save({ persons: ids.join(',') || undefined })))),
    fold('process-record', t('Started from a record'),
      field(t('Kind of record'), select('record-type', [ { id: '', name: t('None') }, ...server.recordTypes ], chosen(recordType)[0], type => save({
        recordType: [ type, ...chosen(recordType).slice(1) ].filter(Boolean).join(', ') || undefined, recordStages: undefined
      }))),
      recordType && section(t('Also from these'), checkboxes('record-also', server.recordTypes.filter(({ id }) => id !== chosen(recordType)[0]), chosen(recordType).slice(1), ids => save({
        recordType: [ chosen(recordType)[0], ...ids ].join(', ')
      }))),
      stages.length > 0 && section(t('Only at these stages'), checkboxes('record-stage', stages, chosen(recordStages), ids => save({ recordStages: ids.join(', ') || undefined })), hint(t('None chosen: at every stage.'))),
      field(t('Text of the button'), input('start-button', words, button => save({ button: button || undefined }), { placeholder: process.name || '' })),
      labelFields('start-button', labels, labels => save({ labels })))
  ];
}

function settingsSection(context) {
  const { process } = context,
        read = () => context.read('bpm:Settings', process).settings || [],
        settings = read(),
        save = list => context.write('bpm:Settings', list.length ? { settings: list } : null, process),
        change = (index, part) => save(read().map((one, i) => i === index ? { ...one, ...part } : one));

  return fold('process-settings', t('Settings'),
    hint(t('Values that steps and conditions use, changed here in one place.')),
    settings.map((setting, index) => el('div', { className: 'bpm-card', role: 'group', 'aria-label': setting.label || setting.name },
      el('div', { className: 'bpm-row' },
        input(`setting-${ index }-label`, setting.label, label => change(index, { label, name: setting.name || keyFrom(label) }), { label: t('What it is'), placeholder: t('What it is') }),
        removeButton(`setting-${ index }-remove`, t('Remove'), () => save(read().filter((_, i) => i !== index)))),
      el('div', { className: 'bpm-row' },
        input(`setting-${ index }-name`, setting.name, name => change(index, { name: keyFrom(name) }), { label: t('Name'), placeholder: t('Name'), className: 'bpm-code' }),
        expressionField(context, 'value', input(`setting-${ index }-value`, setting.value, value => change(index, { value }), { label: t('Value'), placeholder: t('Value') }))),
      fold(`setting-${ index }-labels`, t('In other languages'), labelFields(`setting-${ index }`, setting.labels, labels => change(index, { labels }))))),
    button('add-setting', '+ ' + t('Add a setting'), () => save([ ...read(), { $type: 'bpm:Setting', name: `setting_${ settings.length + 1 }`, value: '', label: '' } ])));
}

function moreSection(context) {
  const { process, server, fields } = context,
        owner = context.read('bpm:Owner', process).person,
        searchable = (context.read('bpm:Searchable', process).variables || '').split(',').filter(Boolean);

  return fold('process-more', t('Owner, help, search'),
    field(t('Owner'), select('process-owner', [ { id: '', name: t('Nobody yet') }, ...server.people ], owner, person => context.write('bpm:Owner', person ? { person } : null, process))),
    section(t('Help for those who start it'), helpFields(context, process)),
    section(t('Cases are found by'), ...fields.filter(({ key }) => !key.includes('.')).map(({ key, label }) =>
      checkbox(`search-${ key }`, label, searchable.includes(key), on => {
        const keys = on ? [ ...searchable, key ] : searchable.filter(other => other !== key);

        context.write('bpm:Searchable', keys.length ? { variables: keys.join(',') } : null, process);
      }))));
}
