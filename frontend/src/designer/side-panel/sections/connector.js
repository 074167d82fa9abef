import { t } from '../../../shared/texts';
import { keyFrom } from '../../../shared/keys';
import { button, el, field, fold, hint, input, insertValue, removeButton, section, select, textarea } from '../controls';
import { expressionField, expressionInput } from '../ExpressionField';
import { mappingRows } from './mapping';
import { peopleAndGroups } from './userTask';

/** What an automatic step does: a connector and what it is given, drawn from the connector's description of itself. */
export function connectorSections(context) {
  const { server } = context,
        { name, inputs = [], outputs = [] } = context.read('bpm:Connector'),
        connector = server.connectors.find(({ id }) => id === name),
        save = change => context.write('bpm:Connector', { ...context.read('bpm:Connector'), ...change });

  const setInput = (name, value) => {
    const others = (context.read('bpm:Connector').inputs || []).filter(one => one.name !== name);

    save({ inputs: value === '' || value === undefined ? others : [ ...others, { $type: 'bpm:Input', name, value } ] });
  };

  const valueOf = name => inputs.find(one => one.name === name)?.value || '',
        known = (connector?.inputs || []).map(({ key }) => key),
        unknown = inputs.filter(({ name }) => !known.includes(name));

  const describe = list => list.map(each => inputField(each, valueOf(each.key), value => setInput(each.key, value), context)),
        [ first, later ] = split(connector?.inputs || [], valueOf);

  return [
    section(t('What it does'),
      select('connector', [ { id: '', name: t('Choose…') }, ...server.connectors ], name, name => save({ name: name || undefined, inputs: name ? inputs : [] }), t('What it does')),
      connector?.help && hint(connector.help),
      name && !connector && hint(t('This installation has no step “{name}”.', { name })),
      describe(first),
      later.length > 0 && fold('connector-more', t('More'), describe(later))),
    unknown.length > 0 || connector?.open ? section(t('More values'), mappingRows('connector-input', unknown, rows => save({
      inputs: [ ...inputs.filter(({ name }) => known.includes(name)), ...rows ]
    }), { left: 'name', type: 'bpm:Input', known: recordFields(context) }, context)) : null,
    name && resultsSection(connector, outputs, save, context),
    name && errorsSection(save, context)
  ].filter(Boolean);
}


// local functions //////////

// what is seldom given is folded away until it is
function split(inputs, valueOf) {
  const isCommon = ({ key, kind, required }) => required || valueOf(key) || [ 'text', 'long_text', 'choice', 'letter', 'document' ].includes(kind) && key !== 'language';

  return [ inputs.filter(isCommon), inputs.filter(input => !isCommon(input)) ];
}

function inputField({ key, label, kind, options, help, required }, value, onchange, context) {
  const name = `input-${ key }`,
        title = required ? label : t('{label} (optional)', { label }),
        { fields, server } = context,
        choices = options || { yes_no: yesNo(), letter: server.letters, document: server.documents, process: server.processes, group: server.groups }[kind];

  if ([ 'person', 'people' ].includes(kind)) {
    return recipient(name, title, value, onchange, context, help);
  }

  if (choices) {
    return field(title, select(name, [ { id: '', name: required ? t('Choose…') : '—' }, ...choices ], value, onchange), help);
  }

  if (![ 'text', 'long_text' ].includes(kind)) {
    return field(title, expressionInput(context, 'expression', name, value, text => onchange(marked(text)), { placeholder: '=' }), help);
  }

  const control = kind === 'long_text' ? textarea(name, value, onchange, { rows: 6 }) : input(name, value, onchange);

  return el('div', { className: 'bpm-stack' }, field(title, expressionField(context, 'value', control), help), insertValue(`${ name }-insert`, control, fields));
}

/** What the further inputs of a step that changes a record may be called. */
function recordFields({ process, read, server }) {
  const type = read('bpm:Start', process).recordType,
        { fields = [] } = server.recordTypes.find(({ id }) => id === type) || {};

  return Object.fromEntries(fields.map(({ key, label }) => [ key, label ]));
}

function yesNo() {
  return [ { id: '=true', name: t('yes') }, { id: '=false', name: t('no') } ];
}

/** Who gets a letter or a notice: written as FEEL that yields a login. */
function recipient(name, title, value, onchange, context, help) {
  const { server, fields } = context,
        people = fields.filter(({ type }) => type === 'person').map(({ key, label }) => ({ id: `=${ key }`, name: label, group: t('From the case') }));

  const options = [
    { id: '', name: t('Choose…') },
    ...people,
    { id: '=manager_of(initiator)', name: t('The manager of who started it'), group: t('From the case') },
    ...peopleAndGroups(server, { person: '', group: 'group:' }),
    { id: '=', name: t('Something else: an address or an expression'), group: t('Other') }
  ];

  const isListed = options.some(({ id }) => id === value),
        choice = select(name, options, isListed ? value : '=', onchange);

  return el('div', { className: 'bpm-stack' },
    field(title, choice, help),
    (!isListed || value === '=') && expressionInput(context, 'value', `${ name }-text`, value === '=' ? '' : value, onchange, { label: t('Address or expression') }));
}

function resultsSection(connector, outputs, save, context) {
  const offered = connector?.outputs || [];

  const known = offered.map(({ key, label }) => {
    const kept = outputs.find(({ value }) => value === `=result.${ key }`)?.target;

    return field(label, input(`output-${ key }`, kept, text => save({
      outputs: [
        ...outputs.filter(({ value }) => value !== `=result.${ key }`),
        ...(text ? [ { $type: 'bpm:Output', value: `=result.${ key }`, target: keyFrom(text) } ] : [])
      ]
    }), { placeholder: t('not kept') }));
  });

  const others = outputs.filter(({ value }) => !offered.some(({ key }) => value === `=result.${ key }`));

  return fold('connector-outputs', t('What to keep of the result'),
    known,
    mappingRows('connector-output', others, rows => save({
      outputs: [ ...outputs.filter(output => !others.includes(output)), ...rows ]
    }), { left: 'value', right: 'target', type: 'bpm:Output', names: { result: '' } }, context));
}

/** Which answers are errors that an event at the edge of the step can catch. */
function errorsSection(save, context) {
  const read = () => context.read('bpm:Connector').errors || [],
        change = (index, part) => save({ errors: read().map((one, i) => i === index ? { ...one, ...part } : one) });

  return fold('connector-errors', t('Advanced: which answers are errors'),
    hint(t('The first row that is true throws its error; an event at the edge of the step catches it by the code.')),
    read().map(({ when, code, message }, index) => el('div', { className: 'bpm-card', role: 'group', 'aria-label': t('Error {number}', { number: index + 1 }) },
      expressionField(context, 'condition', input(`error-${ index }-when`, when, when => change(index, { when: marked(when) }), { label: t('When this is true'), placeholder: '=result.status = 404' }), { names: { result: '' } }),
      input(`error-${ index }-code`, code, code => change(index, { code }), { label: t('Code'), placeholder: t('Code') }),
      expressionField(context, 'value', input(`error-${ index }-message`, message, message => change(index, { message }), { label: t('Words for people'), placeholder: t('Words for people') })),
      removeButton(`error-${ index }-remove`, t('Remove'), () => save({ errors: read().filter((_, i) => i !== index) })))),
    button('error-add', '+ ' + t('Add an error'), () => save({ errors: [ ...read(), { $type: 'bpm:Error', code: `error_${ read().length + 1 }` } ] })));
}

function marked(text) {
  return text && !/^[=$]/.test(text) ? `=${ text }` : text;
}
