import BaseRenderer from 'diagram-js/lib/draw/BaseRenderer';
import { isExpanded } from 'bpmn-js/lib/util/DiUtil';
import { getDi, is } from 'bpmn-js/lib/util/ModelUtil';

import { calledBy, showsCalled } from './called';
import { stateOf } from './stateOf';

const PRIORITY = 1500,
      THICK = '5px',
      GLOBAL_TASKS = {
        'bpmn:GlobalTask': 'bpmn:Task',
        'bpmn:GlobalBusinessRuleTask': 'bpmn:BusinessRuleTask',
        'bpmn:GlobalManualTask': 'bpmn:ManualTask',
        'bpmn:GlobalScriptTask': 'bpmn:ScriptTask',
        'bpmn:GlobalUserTask': 'bpmn:UserTask'
      };

/** Signs of the standard that bpmn-js draws otherwise or not at all; all others are its own. */
export default class Notation extends BaseRenderer {

  constructor(eventBus, bpmnRenderer, textRenderer) {
    super(eventBus, PRIORITY);

    this._base = bpmnRenderer;
    this._texts = textRenderer;
  }

  canRender(element) {
    return is(element, 'bpmn:Activity') || is(element, 'bpmn:MessageFlow') 
      || Boolean(element.labelTarget && stateOf(element.businessObject));
  }

  drawShape(gfx, shape, attrs = {}) {
    if (shape.labelTarget) {
      return this._base.drawShape(gfx, named(shape), attrs);
    }

    const drawn = is(shape, 'bpmn:CallActivity') ? this._drawCall(gfx, shape, attrs) : this._base.drawShape(gfx, shape, attrs);

    if (is(shape, 'bpmn:SubProcess') && isExpanded(shape) || showsCalled(shape.businessObject, getDi(shape))) {
      this._nameInCorner(gfx, shape);
    } else if (is(shape, 'bpmn:Activity')) {
      // words can be read where a sign stands behind them
      textsOf(gfx).forEach(text => gfx.append(text));
    }

    return drawn;
  }

  /** An envelope stands on a message flow only where the file asks for one (BPMN 2.0, 12.2.3.4). */
  drawConnection(gfx, connection, attrs) {
    return this._base.drawConnection(gfx, is(connection, 'bpmn:MessageFlow') ? withEnvelope(connection) : connection, attrs);
  }

  getShapePath(shape) {
    return this._base.getShapePath(shape);
  }

  getConnectionPath(connection) {
    return this._base.getConnectionPath(connection);
  }

  /** A call of a global task has the sign of that task and no plus; an open one has its steps (BPMN 2.0, 10.3.5). */
  _drawCall(gfx, shape, attrs) {
    const activity = shape.businessObject,
          called = calledBy(activity),
          type = GLOBAL_TASKS[called?.$type];

    if (!type && !showsCalled(activity, getDi(shape))) {
      return this._base.drawShape(gfx, shape, attrs);
    }

    const drawn = this._base.drawShape(gfx, as(shape, type || 'bpmn:SubProcess'), attrs);

    drawn.style.strokeWidth = THICK;

    return drawn;
  }

  _nameInCorner(gfx, shape) {
    const [ text ] = textsOf(gfx);

    if (!text) {
      return;
    }

    const made = this._texts.createText(shape.businessObject.name || '', {
      align: 'left-top', box: { width: shape.width, height: shape.height }, padding: 7,
      style: { fill: text.style.fill || text.getAttribute('fill') }
    });

    made.classList.add('djs-label');
    text.replaceWith(made);
  }
}

Notation.$inject = [ 'eventBus', 'bpmnRenderer', 'textRenderer' ];


// local functions //////////

function textsOf(gfx) {
  return [ ...gfx.children ].filter(({ tagName, classList }) => tagName === 'text' && classList.contains('djs-label'));
}

/** The same shape for the renderer of another type. */
function as(shape, type) {
  const semantic = shape.businessObject;

  return Object.create(shape, {
    type: { value: type },
    businessObject: { value: Object.create(semantic, {
      $instanceOf: { value: asked => asked !== 'bpmn:CallActivity' && (asked === type || semantic.$instanceOf(asked)) }
    }) }
  });
}

function withEnvelope(connection) {
  const semantic = connection.businessObject,
        // what is read as its value where the file says nothing does not count
        isAsked = Object.hasOwn(getDi(connection) || {}, 'messageVisibleKind'),
        message = isAsked ? semantic.get('messageRef') || { get: () => '' } : undefined;

  return Object.create(connection, {
    businessObject: { value: Object.create(semantic, {
      get: { value: name => name === 'messageRef' ? message : semantic.get(name) }
    }) }
  });
}

/** The state of data stands behind its name. */
function named(label) {
  const semantic = label.businessObject,
        state = stateOf(semantic);

  return state ? Object.create(label, {
    businessObject: { value: Object.create(semantic, { name: { value: `${ semantic.name } ${ state }` } }) }
  }) : label;
}
