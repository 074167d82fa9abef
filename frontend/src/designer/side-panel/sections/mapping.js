import { t } from '../../../shared/texts';
import { button, el, input, removeButton } from '../controls';
import { expressionInput } from '../ExpressionField';

/**
 * Rows of two texts: name and value, or value and target.
 *
 * @param {string} name
 * @param {Object[]} rows
 * @param {(rows: Object[]) => void} save
 * @param {{ left: string, right?: string, type: string, known?: Object, names?: Object }} columns attributes of the
 * two texts, type of a row; known: { name: label } offered for names; names that values may use beside those of the case
 * @param {Object} context
 */
export function mappingRows(name, rows, save, { left, right = 'value', type, known = {}, names }, context) {
  const words = { name: t('Name'), value: t('Value (=FEEL)'), target: t('Kept as') },
        typed = rows.map(row => ({ $type: type, ...row })),
        change = (index, part) => save(typed.map((row, i) => i === index ? { ...row, ...part } : row));

  const cell = (row, index, part) => {
    const props = { label: words[part], placeholder: words[part] },
          onchange = value => change(index, { [part]: value });

    if (part === 'value') {
      return expressionInput(context, 'value', `${ name }-${ index }-${ part }`, row[part], onchange, { ...props, names });
    }

    const control = input(`${ name }-${ index }-${ part }`, row[part], onchange, props);

    control.setAttribute('list', `bpm-names-${ name }`);

    return control;
  };

  return el('div', { className: 'bpm-stack' },
    el('datalist', { id: `bpm-names-${ name }` }, Object.entries(known).map(([ key, label ]) => new Option(label, key))),
    typed.map((row, index) => el('div', { className: 'bpm-row' },
      cell(row, index, left),
      cell(row, index, right),
      removeButton(`${ name }-${ index }-remove`, t('Remove'), () => save(typed.filter((_, i) => i !== index))))),
    button(`${ name }-add`, '+ ' + t('Add a value'), () => save([ ...typed, { $type: type, [left]: '', [right]: '' } ])));
}

/** The bpm:Mapping of a step: values going in, values coming out. */
export function mappingSections(context, { inputs, outputs }) {
  const read = () => context.read('bpm:Mapping');

  const save = change => {
    const next = { ...read(), ...change };

    context.write('bpm:Mapping', next.inputs?.length || next.outputs?.length ? next : null);
  };

  const { inputs: ins = [], outputs: outs = [] } = read();

  return [
    inputs && el('fieldset', { className: 'bpm-section' }, el('legend', { textContent: inputs }),
      mappingRows('mapping-input', ins, inputs => save({ inputs }), { left: 'name', type: 'bpm:Input' }, context)),
    outputs && el('fieldset', { className: 'bpm-section' }, el('legend', { textContent: outputs }),
      mappingRows('mapping-output', outs, outputs => save({ outputs }), {
        left: 'value', right: 'target', type: 'bpm:Output', names: { result: '', message: '', payload: '' }
      }, context))
  ].filter(Boolean);
}
