import { is } from 'bpmn-js/lib/util/ModelUtil';

import { t } from '../../../shared/texts';
import { checkbox, el, field, fold, hint, input, section, select, textarea } from '../controls';
import { expressionField } from '../ExpressionField';
import { mappingSections } from './mapping';
import { formal } from './repeat';

const RETRIED = [ 'bpmn:ServiceTask', 'bpmn:SendTask', 'bpmn:BusinessRuleTask', 'bpmn:ScriptTask' ],
      MAPPED_ELSEWHERE = [ 'bpmn:CallActivity', 'bpmn:ReceiveTask', 'bpmn:SendTask' ],
      LANGUAGES = () => [ { id: '', name: t('Help') }, { id: 'en', name: t('Help in English') }, { id: 'ru', name: t('Help in Russian') }, { id: 'pl', name: t('Help in Polish') } ];

/** What only those who know BPMN ask for, folded away. */
export function advancedSections(context) {
  const { element } = context;

  return [
    is(element, 'bpmn:Activity') && fold('activity-more', t('Advanced'),
      is(element, 'bpmn:UserTask') || is(element, 'bpmn:ManualTask') ? helpFields(context) : null,
      RETRIED.some(type => is(element, type)) && retrySection(context),
      !MAPPED_ELSEWHERE.some(type => is(element, type)) && mappingSections(context, { inputs: t('Values of this step alone'), outputs: t('What to keep when it ends') }),
      is(element, 'bpmn:ReceiveTask') && checkbox('instantiate', t('Its message starts the process'), context.object.instantiate, instantiate => context.update({ instantiate })),
      tokens(context))
  ].filter(Boolean);
}

/** A sub-process whose steps people do in the order they like. */
export function adHocSections(context) {
  const { object } = context;

  return [ section(t('In which order'),
    select('ad-hoc-order', [
      { id: 'Parallel', name: t('All can be done at once') }, { id: 'Sequential', name: t('One after the other') }
    ], object.ordering || 'Parallel', ordering => context.update({ ordering }), t('In which order')),
    field(t('Over as soon as this is true'), expressionField(context, 'condition', textarea('ad-hoc-completion', object.completionCondition?.body, text => context.update({
      completionCondition: formal(context, text, object)
    }), { rows: 2 })), t('Left empty: when everything is done.')),
    checkbox('ad-hoc-cancel', t('What is still open then is broken off'), object.cancelRemainingInstances !== false, cancelRemainingInstances => context.update({ cancelRemainingInstances }))) ];
}

export function complexGatewaySections(context) {
  const { object } = context;

  return [ section(t('When do the ways come together?'),
    field(t('Goes on as soon as this is true'), expressionField(context, 'condition', textarea('activation', object.activationCondition?.body, text => context.update({
      activationCondition: formal(context, text, object)
    }), { rows: 2 }), { names: { activationCount: 'number' } }), t('For example: activationCount >= 2'))) ];
}

export function eventGatewaySections(context) {
  const { object } = context;

  return [ fold('gateway-more', t('Advanced'),
    checkbox('instantiate', t('The process starts here'), object.instantiate, instantiate => context.batch.run(() => context.update({
      instantiate, eventGatewayType: instantiate ? object.eventGatewayType : 'Exclusive'
    }))),
    object.instantiate && select('gateway-type', [
      { id: 'Exclusive', name: t('One of the events is enough') }, { id: 'Parallel', name: t('All events are needed') }
    ], object.eventGatewayType, eventGatewayType => context.update({ eventGatewayType }), t('What is needed'))) ];
}

export function dataSections(context) {
  const { element, object, bpmnFactory } = context,
        holder = is(element, 'bpmn:DataObjectReference') ? object.dataObjectRef : object;

  const setState = name => {
    const dataState = name ? bpmnFactory.create('bpmn:DataState', { name }) : undefined;

    if (dataState) {
      dataState.$parent = object;
    }

    context.update({ dataState });
  };

  return [
    hint(is(element, 'bpmn:DataStoreReference') ? t('A value of the case. What others have to see belongs into a record.') : t('A value of the case with this name.')),
    holder && is(holder, 'bpmn:DataObject') && checkbox('collection', t('It is a list'), holder.isCollection, isCollection => context.update({ isCollection }, holder)),
    field(t('State'), input('data-state', object.dataState?.name, setState), t('Only written beside it, for example “signed”.'))
  ].filter(Boolean);
}

export function poolSections(context) {
  const process = context.object.processRef;

  return process ? [
    checkbox('executable', t('This part is run by the program'), process.isExecutable, isExecutable => context.update({ isExecutable }, process)),
    field(t('Key of the process'), input('pool-process', process.id, () => {}, { readOnly: true }))
  ] : [ hint(t('A partner outside: only messages to it and from it are drawn.')) ];
}

export function laneSections() {
  return [ hint(t('Steps in this lane for which nobody is chosen go to the group of this name.')) ];
}

/** Help texts of an element: one for everybody, or one per language. */
export function helpFields(context, owner) {
  const all = context.readAll('bpm:Help', owner);

  const save = (language, text) => {
    const others = context.readAll('bpm:Help', owner).filter(one => (one.language || '') !== language);

    context.writeAll('bpm:Help', text.trim() ? [ ...others, { text: text.trim(), ...(language ? { language } : {}) } ] : others, owner);
  };

  return LANGUAGES().map(({ id, name }) => field(name, textarea(id ? `help-${ id }` : 'help', all.find(({ language = '' }) => language === id)?.text, text => save(id, text), {
    rows: 2, ...(id ? { lang: id } : {})
  })));
}

/** How often a step that works by itself is tried. */
export function retrySection(context) {
  const read = () => context.read('bpm:Retry'),
        { tries, wait, timeout } = read();

  const save = change => {
    const next = { ...read(), ...change };

    context.write('bpm:Retry', Object.values(next).some(Boolean) ? next : null);
  };

  return el('div', { className: 'bpm-stack' },
    field(t('How often it is tried'), input('retry-tries', tries, tries => save({ tries }), { type: 'number', min: 1, max: 100, placeholder: '4' })),
    field(t('Waits between the tries'), input('retry-wait', wait, wait => save({ wait }), { placeholder: '1m, 5m, 30m', className: 'bpm-code' }), t('Times with commas: m minutes, h hours, d days.')),
    field(t('One try takes at most'), input('retry-timeout', timeout, timeout => save({ timeout }), { placeholder: '20s', className: 'bpm-code' })));
}


// local functions //////////

function tokens(context) {
  const { object } = context,
        number = property => input(property, object[property] ?? 1, text => context.update({ [property]: Number(text) || 1 }), { type: 'number', min: 1, max: 1000 });

  return [
    checkbox('for-compensation', t('Done only to undo another step'), object.isForCompensation, isForCompensation => context.update({ isForCompensation })),
    field(t('Tokens needed to begin'), number('startQuantity')),
    field(t('Tokens sent on when done'), number('completionQuantity'))
  ];
}
