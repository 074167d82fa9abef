import { t } from '../../../shared/texts';
import { field, input, section, select } from '../controls';
import { mappingSections } from './mapping';

/** Which process is called, which of its versions, and what goes in and comes out. */
export function callSections(context) {
  const { server, object } = context,
        read = () => context.read('bpm:Called'),
        { binding, version } = read();

  return [
    section(t('Which process'),
      select('called', [ { id: '', name: t('Choose…') }, ...server.processes ], object.calledElement, key => context.update({ calledElement: key || undefined }), t('Which process')),
      select('called-binding', [
        { id: 'latest', name: t('Always its newest version') }, { id: 'version', name: t('Always the same version') }
      ], binding || 'latest', binding => context.write('bpm:Called', binding === 'version' ? { binding, version: version || '1' } : null), t('Version')),
      binding === 'version' && field(t('Version'), input('called-version', version, version => context.write('bpm:Called', { ...read(), version }), { type: 'number', min: 1 }))),
    ...mappingSections(context, { inputs: t('What it is given'), outputs: t('What to keep of its result') })
  ];
}
