import { getBusinessObject } from 'bpmn-js/lib/util/ModelUtil';

import { extensionOf } from '../model/Extensions';
import { normal, toFeel } from './Rows';

export { needsValue, operatorsFor, toFeel, toWords } from './Rows';

/** @typedef { import('./Rows').Rule } Rule */

/**
 * The condition of a flow as plain data. `advanced` is the FEEL text if it says something else than the rows: the text
 * is what runs, so it wins.
 *
 * @return { { match: 'all'|'any', rules: Rule[], advanced: string|null } }
 */
export function conditionOf(flow, fields) {
  const object = getBusinessObject(flow),
        condition = extensionOf(object, 'bpm:Condition'),
        match = condition?.get('match') || 'all',
        rules = (condition?.get('rules') || []).map(({ field, op, value }) => ({ field, op, value: value || '' })),
        text = object.conditionExpression?.body?.trim() || '',
        written = rules.length ? toFeel({ match, rules }, fields) : '';

  return { match, rules, advanced: text && normal(text) !== normal(written) ? text : null };
}
