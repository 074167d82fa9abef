import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';

import { t } from '../../shared/texts';
import { extensionOf } from '../model/Extensions';

// each step of a command, not only its end: within one it is asked too
const CHANGES = [ 'commandStack.executed', 'commandStack.reverted', 'commandStack.changed', 'import.done', 'root.set', 'bpm.picks.changed' ],
      HIGH_PRIORITY = 5000;

/** @typedef { { key: string, label: string, type: string, feel?: string, options?: { id: string, name: string }[] } } Field feel: its type in expressions, if it is sure */

/**
 * What the process knows: the answers of its forms, decisions of its steps, results of its automatic steps, its
 * settings, and the fields of the record it runs on. Read from the diagram when asked for the first time after a change.
 */
export default function Fields(config, elementRegistry, canvas, eventBus) {

  let known = null;

  eventBus.on(CHANGES, HIGH_PRIORITY, () => { known = null; });

  /** @return {Field[]} in the order in which people meet them, each key once */
  this.all = () => known ||= read();

  const read = () => {
    const found = new Map();

    for (const field of [ ...collect() ]) {
      const known = found.get(field.key);

      if (!known) {
        found.set(field.key, { ...field });
      } else if (field.options && known.options) {
        known.options = unique([ ...known.options, ...field.options ]);
      }
    }

    return [ ...found.values() ];
  };

  /** What expressions may use: names with their types ('' if not sure), forms, the kind of record, whether these are all. */
  this.surroundings = () => {
    const elements = elementRegistry.getAll().filter(element => !element.labelTarget).map(getBusinessObject),
          shown = this.all().filter(({ key }) => !key.includes('.')).map(({ key, feel = '' }) => [ key, feel ]),
          local = elements.flatMap(object => [ ...localNames(object) ]).map(key => [ key, '' ]),
          { form, recordType: record } = extensionOf(this.process(), 'bpm:Start') || {},
          forms = [ form, ...elements.map(object => extensionOf(object, 'bpm:FormRef')?.key) ].filter(Boolean);

    return { names: Object.fromEntries([ ...local, ...shown ]), forms, record, complete: !elements.some(bringsUnknown) };
  };

  /** The process that is drawn; in a diagram with pools, the first pool's. */
  this.process = () => {
    const root = getBusinessObject(canvas.getRootElement());

    if (root.$type === 'bpmn:Process') {
      return root;
    }

    const pool = (root.participants || []).map(({ processRef }) => processRef).find(process => process?.isExecutable);

    return pool || root.participants?.find(({ processRef }) => processRef)?.processRef || root;
  };

  function * collect() {
    const start = extensionOf(this_.process(), 'bpm:Start');

    yield * ofForm(start?.form);

    for (const element of elementRegistry.getAll().filter(element => !element.labelTarget)) {
      const object = getBusinessObject(element);

      yield * ofForm(extensionOf(object, 'bpm:FormRef')?.key);
      yield * ofOutcomes(element, object);
      yield * ofTable(object);
      yield * ofVoting(object);
      yield * ofOutputs(object);
      yield * ofScript(object);
    }

    yield * ofRecord(start?.recordType);

    for (const { name, label, value } of extensionOf(this_.process(), 'bpm:Settings')?.get('settings') || []) {
      yield { key: name, label: label || name, type: isNumber(value) ? 'number' : 'text', feel: isNumber(value) ? 'number' : '' };
    }

    yield { key: 'initiator', label: t('Who started it'), type: 'person', feel: 'string', options: config.server.people };
  }

  function ofForm(key) {
    return config.server.forms.find(({ id }) => id === key)?.fields.map(
      field => field.type === 'person' && !field.options ? { ...field, options: config.server.people } : field) || [];
  }

  function ofRecord(type) {
    const record = config.server.recordTypes.find(({ id }) => id === type);

    return record ? record.fields.map(field => ({ ...field, key: `${ type }.${ field.key }`, label: `${ record.name }: ${ field.label }` })) : [];
  }

  // without a name of its own, each column of the answer is kept under its own
  function ofTable(object) {
    const decision = extensionOf(object, 'bpm:Decision');

    return decision && !decision.result ? config.server.decisions.find(({ id }) => id === decision.key)?.outputs || [] : [];
  }

  const this_ = this;
}

Fields.$inject = [ 'config.designer', 'elementRegistry', 'canvas', 'eventBus' ];


// local functions //////////

function * ofOutcomes(element, object) {
  const outcomes = extensionOf(object, 'bpm:Outcomes');

  if (is(element, 'bpmn:UserTask') && outcomes?.get('outcomes').length) {
    const variable = outcomes.get('variable') || 'outcome',
          options = outcomes.get('outcomes').map(({ key, label }) => ({ id: key, name: label || key }));

    yield { key: variable, label: variable === 'outcome' ? t('Decision') : t('Decision: {variable}', { variable }), type: 'choice', feel: 'string', options };

    if (!extensionOf(object, 'bpm:Voting')) {
      const isLast = variable === 'outcome';

      yield { key: `${ variable }_by`, label: isLast ? t('Who decided last') : t('Who decided: {variable}', { variable }), type: 'person', feel: 'string' };
      yield { key: `${ variable }_comment`, label: isLast ? t('Comment of the last decision') : t('Comment: {variable}', { variable }), type: 'text', feel: 'string' };
    }
  }
}

function * ofVoting(object) {
  const voting = extensionOf(object, 'bpm:Voting');

  if (voting) {
    yield { key: voting.get('result') || 'votes', label: t('Votes'), type: 'list', feel: 'list' };
  }
}

function * ofOutputs(object) {
  const decision = extensionOf(object, 'bpm:Decision');

  if (decision?.result) {
    yield { key: decision.result, label: decision.result, type: 'text' };
  }

  for (const type of [ 'bpm:Connector', 'bpm:Mapping' ]) {
    for (const { target } of extensionOf(object, type)?.get('outputs') || []) {
      if (target) {
        yield { key: target, label: target, type: 'text' };
      }
    }
  }
}

function * ofScript({ $type, script }) {
  if ($type === 'bpmn:ScriptTask') {
    for (const [ , name ] of (script || '').matchAll(/^\s*([\p{L}_][\p{L}\p{N}_]*)\s*:=/gmu)) {
      yield { key: name, label: name, type: 'text' };
    }
  }
}

/** Names that exist only at or within a step, so that nobody picks them from a list. */
function * localNames(object) {
  const voting = extensionOf(object, 'bpm:Voting'),
        outcomes = extensionOf(object, 'bpm:Outcomes');

  if (voting) {
    yield voting.get('voter') || 'approver';
  }

  if (outcomes?.get('vote')) {
    yield outcomes.get('vote');
  }

  yield * (extensionOf(object, 'bpm:Mapping')?.get('inputs') || []).map(({ name }) => name).filter(Boolean);
}

/** Whether a step may set values that the drawing does not name: all that a message, a process or a table gives. */
function bringsUnknown(object) {
  const listens = object.eventDefinitions?.some(({ $type }) => $type === 'bpmn:MessageEventDefinition') && object.$type !== 'bpmn:EndEvent',
        foreign = object.extensionElements?.values?.some(({ $type }) => !$type.startsWith('bpm:')),
        open = object.$type === 'bpmn:BusinessRuleTask' && !extensionOf(object, 'bpm:Decision')?.result,
        takes = listens || [ 'bpmn:ReceiveTask', 'bpmn:CallActivity' ].includes(object.$type);

  return !!(foreign || object.loopCharacteristics || open || takes && !extensionOf(object, 'bpm:Mapping')?.get('outputs').length);
}

function isNumber(value) {
  return value !== undefined && value !== '' && Number.isFinite(Number(String(value).replace(/^=/, '')));
}

function unique(options) {
  return [ ...new Map(options.map(option => [ option.id, option ])).values() ];
}
