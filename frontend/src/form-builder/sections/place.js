/** Where a field stands, and how wide it is. */
import { button, el, field, section, select } from '../../designer/side-panel/controls';
import { t } from '../../shared/texts';
import { HOLDERS } from '../fieldTypes';
import { title } from '../Sheet';
import { nearest } from '../values';

export function place(part, edit) {
  const path = edit.model.selected,
        within = edit.model.part(path.slice(0, -1)),
        sections = edit.model.content.components.map((part, index) => ({ part, id: String(index) })).filter(({ part: other }) => HOLDERS.includes(other.type) && other !== part);

  return section(t('Where it stands'),
    !HOLDERS.includes(part.type) && part.type !== 'separator' && field(t('Width'), select('width', [
      { id: '16', name: t('The whole line') }, { id: '12', name: t('Three quarters') }, { id: '10', name: t('Two thirds') }, { id: '8', name: t('A half') }, { id: '6', name: t('A third') }, { id: '4', name: t('A quarter') }
    ], String(nearest(part.layout?.columns)), columns => edit.update({ layout: columns === '16' ? undefined : { ...part.layout, columns: Number(columns) } })), t('Narrow fields share a line; on a phone each has its own.')),
    sections.length > 0 && !HOLDERS.includes(part.type) && field(t('Within'), select('within', [ { id: '', name: t('The form itself') }, ...sections.map(({ part, id }) => ({ id, name: title(part) })) ],
      within && path.length === 2 ? String(path[0]) : '', index => edit.model.move(path, index === '' ? [ edit.model.content.components.length ] : [ Number(index), edit.model.part([ Number(index) ]).components.length ]))),
    el('div', { className: 'bpm-row' },
      button('up', t('Move up'), () => edit.model.step(path, -1)), button('down', t('Move down'), () => edit.model.step(path, 1))));
}
