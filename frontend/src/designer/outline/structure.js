import { is } from 'bpmn-js/lib/util/ModelUtil';

import { incomingFlows, isStep, outgoingFlows } from '../model/Steps';

/**
 * @typedef { { element: Shape, inside: Entry[], meanwhile: { element: Shape, entries: Entry[] }[], ways: Way[] } } Entry a step with
 * what is within it, what may happen meanwhile, and the ways that part at it
 * @typedef { { flow: Connection, entries: Entry[], goesOn: Shape|null } } Way goesOn: a step told elsewhere in the list, where this
 * way leads
 */

/**
 * Read steps as a nested list: where ways part, each way with the steps that belong to it alone; where they come
 * together the list goes on. Each step stands there once.
 *
 * @param {Shape[]} elements all steps that stand in no sub-process
 *
 * @return {Entry[]}
 */
export function readStructure(elements) {
  const told = new Set();

  return scope(elements);

  function scope(steps) {
    const list = [],
          byPlace = [ ...steps ].sort((a, b) => a.x - b.x || a.y - b.y),
          beginnings = byPlace.filter(step => is(step, 'bpmn:StartEvent')),
          loose = byPlace.filter(step => !is(step, 'bpmn:BoundaryEvent') && !incomingFlows(step).length);

    for (const step of [ ...beginnings, ...loose, ...byPlace.filter(step => !is(step, 'bpmn:BoundaryEvent')), ...byPlace ]) {
      list.push(...follow(step, null).entries);
    }

    return list;
  }

  /** Tell the steps from one on, within a set of steps (null: anywhere), as far as nobody has told them. */
  function follow(first, within) {
    const entries = [];

    let step = first;

    while (step && !told.has(step) && (!within || within.has(step))) {
      told.add(step);

      const { entry, next } = tell(step, within);

      entries.push(entry);
      step = next;
    }

    return { entries, goesOn: step };
  }

  function tell(step, within) {
    const flows = outgoingFlows(step).filter(({ target }) => target),
          events = step.attachers || [],
          starts = [ ...flows, ...events ].map(start => start.waypoints ? start.target : start),
          own = flows.length + events.length > 1 ? ownSteps(step, starts) : [],
          entry = { element: step, inside: is(step, 'bpmn:SubProcess') ? scope((step.children || []).filter(isStep)) : [], meanwhile: [], ways: [] };

    events.forEach((event, index) => {
      const set = own[flows.length + index];

      if (!told.has(event)) {
        told.add(event);

        const { entry: inner, next } = tell(event, set),
              further = follow(next, set);

        entry.meanwhile.push({ element: event, entries: [ inner, ...further.entries ], goesOn: further.goesOn });
      }
    });

    if (flows.length < 2) {
      return { entry, next: flows[0]?.target };
    }

    entry.ways = flows.map((flow, index) => ({ flow, ...follow(flow.target, within ? intersection(own[index], within) : own[index]) }));

    return { entry, next: entry.ways.map(({ goesOn }) => goesOn).find(goesOn => goesOn && !told.has(goesOn)) };
  }
}

/** The steps after which everything that parts at a step has come together again; undefined if it never does. */
export function joinOf(step) {
  const flows = outgoingFlows(step),
        reached = flows.map(({ target }) => reach(target, step));

  return [ ...reached[0] || [] ].find(candidate => reached.filter(set => set.has(candidate)).length === reached.length && reached.length > 1);
}

/** For each way that begins with one of these steps: the steps that no other way reaches. */
export function ownSteps(step, starts) {
  const reached = starts.map(start => reach(start, step)),
        times = new Map();

  reached.forEach(set => set.forEach(one => times.set(one, (times.get(one) || 0) + 1)));

  return reached.map(set => new Set([ ...set ].filter(one => times.get(one) === 1)));
}


// local functions //////////

/** All steps that can be reached from one on without passing another, nearest first. */
function reach(first, without) {
  const found = new Set();

  let next = [ first ];

  while (next.length) {
    const step = next.shift();

    if (step && step !== without && !found.has(step)) {
      found.add(step);
      next.push(...outgoingFlows(step).map(({ target }) => target));
      next.push(...step.attachers || []);
    }
  }

  return found;
}

function intersection(one, other) {
  return new Set([ ...one ].filter(member => other.has(member)));
}
