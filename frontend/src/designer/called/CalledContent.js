import { is } from 'bpmn-js/lib/util/ModelUtil';
import { selfAndAllChildren } from 'diagram-js/lib/util/Elements';

import { calledBy } from '../../shared/notation/called';

const FIRST = 3000;

/**
 * What is drawn in an open call activity belongs to the process that is called, which others may call too: it goes with
 * the call activity where that is moved, and when the call activity is deleted or replaced it leaves the canvas and
 * stays in the file.
 */
export default function CalledContent(eventBus, commandStack, canvas, bpmnUpdater) {
  const updateSemanticParent = bpmnUpdater.updateSemanticParent;

  bpmnUpdater.updateSemanticParent = function(semantic, parent, visualParent) {
    return updateSemanticParent.call(this, semantic, is(parent, 'bpmn:CallActivity') && calledBy(parent) || parent, visualParent);
  };

  commandStack.register('bpm.called.hide', {
    execute(context) {
      context.hidden = contentOf(context.shape).map(element => ({ element, parent: element.parent, index: element.parent.children.indexOf(element) }));
      context.hidden.forEach(({ element }) => element.waypoints ? canvas.removeConnection(element) : canvas.removeShape(element));

      return [];
    },
    revert({ hidden }) {
      [ ...hidden ].reverse().forEach(({ element, parent, index }) => element.waypoints
        ? canvas.addConnection(element, parent, index) : canvas.addShape(element, parent, index));

      return [];
    }
  });

  eventBus.on([ 'commandStack.shape.delete.preExecute', 'commandStack.shape.replace.preExecute' ], FIRST, ({ context }) => {
    const shape = context.shape || context.oldShape;

    if (is(shape, 'bpmn:CallActivity') && shape.children.length) {
      commandStack.execute('bpm.called.hide', { shape });
    }
  });
}

CalledContent.$inject = [ 'eventBus', 'commandStack', 'canvas', 'bpmnUpdater' ];


// local functions //////////

/** Everything in it: arrows first, then what stands inside of others. */
function contentOf(shape) {
  const inside = selfAndAllChildren(shape.children, false),
        arrows = new Set(inside.flatMap(one => one.waypoints ? [ one ] : [ ...one.incoming, ...one.outgoing ])),
        shapes = inside.filter(one => !one.waypoints);

  return [ ...arrows, ...shapes.sort((a, b) => depthOf(b) - depthOf(a)) ];
}

function depthOf({ parent }) {
  return parent ? depthOf(parent) + 1 : 0;
}
