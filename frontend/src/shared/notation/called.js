import { is } from 'bpmn-js/lib/util/ModelUtil';

/** What a call activity calls, where it is in the same file. @return {ModdleElement|undefined} a process or a global task */
export function calledBy(activity) {
  const id = activity.get('calledElement')?.split(':').pop();

  return id && definitionsOf(activity)?.get('rootElements').find(root => root.id === id);
}

/** Whether a call activity is drawn open, with the steps of the process that it calls (BPMN 2.0, 10.3.5 and 12.3.1). */
export function showsCalled(activity, di) {
  return is(activity, 'bpmn:CallActivity') && Boolean(di?.isExpanded) && is(calledBy(activity), 'bpmn:Process');
}

function definitionsOf(element) {
  while (element && !is(element, 'bpmn:Definitions')) {
    element = element.$parent;
  }

  return element;
}
