import { is } from 'bpmn-js/lib/util/ModelUtil';

import { t } from '../../shared/texts';
import { kinds } from './kinds';

/**
 * The ready-made steps: what people want to happen, under their own words. Each brings the settings without which it
 * would do nothing, chosen from what there is where only one thing fits; an approval brings its diamond and three ways
 * out too (ReadyApproval.js). `extensions` is given { server, fields, process }: what can be picked, what the process
 * knows, what it is called.
 *
 * @return {import('./Catalogue').Kind[]}
 */
export function readySteps() {
  const plain = id => kinds().find(kind => kind.id === id);

  return [
    plain('approval'),
    {
      id: 'fill-in', type: 'bpmn:UserTask', icon: 'user', name: t('Fill in'), label: t('Fill in the form'),
      extensions: () => [ [ 'bpm:Assignment', { to: 'initiator' } ] ]
    },
    { ...plain('task'), name: t('Do a task') },
    {
      id: 'notify', type: 'bpmn:ServiceTask', icon: 'service-task', name: t('Notify'), label: t('Notify'),
      extensions: () => [ connector('notify', { to: '=initiator', text: t('There is news.') }) ]
    },
    { ...plain('letter'), name: t('Send letter') },
    {
      id: 'document', type: 'bpmn:ServiceTask', icon: 'service-task', name: t('Make a document'), label: t('Make a document'),
      extensions: ({ server, process }) => [ connector('document', { template: only(server.documents), name: process, pdf: '=true' }, { file: 'document' }) ]
    },
    { ...plain('wait'), name: t('Wait until or for'), label: t('Wait') },
    {
      ...plain('decision-table'), name: t('Decide by a table'),
      extensions: ({ server, fields }) => withTable(fittingTable(server.decisions, fields))
    },
    { ...plain('call'), name: t('Run another process'), label: t('Run another process') },
    {
      id: 'system', type: 'bpmn:ServiceTask', icon: 'service-task', name: t('Call a system'), label: t('Call a system'),
      extensions: () => [ connector('http', { method: 'GET' }, { body: 'answer' }) ]
    }
  ].map(kind => ({ ...kind, group: 'ready', follows: source => follows(kind, source) }));
}

/** The kinds that stand beside them in the palette: those that a ready-made step does not replace. */
export function plainSteps() {
  const replaced = [ 'approval', 'task', 'letter', 'wait', 'decision-table', 'call' ];

  return kinds().filter(({ id }) => !replaced.includes(id));
}


// local functions //////////

function connector(name, inputs, outputs = {}) {
  return [ 'bpm:Connector', {
    name,
    inputs: Object.entries(inputs).filter(([ , value ]) => value).map(([ name, value ]) => ({ $type: 'bpm:Input', name, value })),
    outputs: Object.entries(outputs).map(([ key, target ]) => ({ $type: 'bpm:Output', value: `=result.${ key }`, target }))
  } ];
}

function withTable(table) {
  return table ? [ [ 'bpm:Decision', { key: table.id } ] ] : [];
}

/** The table that asks for most of what the process knows, and for nothing else. */
function fittingTable(tables, fields) {
  const isKnown = ({ key }) => fields.some(field => field.key === key),
        fitting = tables.filter(({ inputs }) => inputs.length && inputs.every(isKnown));

  return fitting.sort((a, b) => b.inputs.length - a.inputs.length)[0] || only(tables, table => table);
}

function only(list, of = ({ id }) => id) {
  return list.length === 1 ? of(list[0]) : undefined;
}

function follows(kind, source) {
  return !is(source, 'bpmn:EndEvent') && (!is(source, 'bpmn:EventBasedGateway') || kind.id === 'wait');
}
