import { is } from 'bpmn-js/lib/util/ModelUtil';

import { t } from '../../shared/texts';
import { kinds } from './kinds';

/**
 * The ready-made steps: what people want to happen, under their own words. Each brings the settings without which it
 * would do nothing; an approval brings its diamond and three ways out too (ReadyApproval.js).
 *
 * @return {import('./Catalogue').Kind[]}
 */
export function readySteps() {
  const plain = id => kinds().find(kind => kind.id === id);

  return [
    {
      ...plain('approval'), parts: 'approval',
      extensions: () => [ [ 'bpm:Assignment', { to: 'manager_of_initiator' } ], ...plain('approval').extensions() ]
    },
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
      extensions: () => [ connector('document', { pdf: '=true' }) ]
    },
    { ...plain('wait'), name: t('Wait until or for'), label: t('Wait') },
    { ...plain('decision-table'), name: t('Decide by a table') },
    { ...plain('call'), name: t('Run another process'), label: t('Run another process') },
    {
      id: 'system', type: 'bpmn:ServiceTask', icon: 'service-task', name: t('Call a system'), label: t('Call a system'),
      extensions: () => [ connector('http', { method: 'GET' }) ]
    }
  ].map(kind => ({ ...kind, group: 'ready', follows: source => follows(kind, source) }));
}

/** The kinds that stand beside them in the palette: those that a ready-made step does not replace. */
export function plainSteps() {
  const replaced = [ 'approval', 'task', 'letter', 'wait', 'decision-table', 'call' ];

  return kinds().filter(({ id }) => !replaced.includes(id));
}


// local functions //////////

function connector(name, inputs) {
  return [ 'bpm:Connector', {
    name, inputs: Object.entries(inputs).map(([ name, value ]) => ({ $type: 'bpm:Input', name, value }))
  } ];
}

function follows(kind, source) {
  return !is(source, 'bpmn:EndEvent') && (!is(source, 'bpmn:EventBasedGateway') || kind.id === 'wait');
}
