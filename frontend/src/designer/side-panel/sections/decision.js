import { t } from '../../../shared/texts';
import { keyFrom } from '../../../shared/keys';
import { field, hint, input, section, select } from '../controls';

/** Which decision table is asked, and where its answer is kept. */
export function decisionSections(context) {
  const read = () => context.read('bpm:Decision'),
        { key, result } = read(),
        save = change => context.write('bpm:Decision', { ...read(), ...change });

  return [ section(t('Decision table'),
    select('decision', [ { id: '', name: t('Choose…') }, ...context.server.decisions ], key, key => save({ key: key || undefined }), t('Decision table')),
    !context.server.decisions.length && hint(t('There are no decision tables yet.')),
    field(t('The answer is kept as'), input('decision-result', result, result => save({ result: keyFrom(result) || undefined })), t('Empty: each column of the answer under its own name.'))) ];
}
