import CommandStack from 'diagram-js/lib/command/CommandStack';

import { contentsOf, differences, restore, withSide } from './contents';

const FIRST = 10000;

/**
 * The command stack, with two promises that the one of the library does not make:
 *
 * - One undo brings the file back as it was, one redo as it became, to the letter. Commands undo what they did
 *   themselves, but for the order of lists, labels that came along and the like: so what they changed in the model is
 *   remembered beside them, and when they are done undoing, every part of it that differs is put right.
 * - Opening another drawing of the same file forgets nothing. Commands cannot be undone without the shapes that they
 *   were made for, but what they changed in the model can; the drawing in which it happened is opened for it.
 */
export default class History extends CommandStack {

  constructor(eventBus, injector) {
    super(eventBus, injector);

    this._past = [];
    this._future = [];

    eventBus.on('import.render.complete', ({ error }) => { if (!error) { this._begin(); } });
    eventBus.on('commandStack.changed', FIRST, ({ trigger }) => this._settle(trigger));
  }

  canUndo() {
    return this._past.length > 0;
  }

  canRedo() {
    return this._future.length > 0;
  }

  undo() {
    return this._getUndoAction() || !this.canUndo() ? super.undo() : this._elsewhere('undo');
  }

  redo() {
    return this._getRedoAction() || !this.canRedo() ? super.redo() : this._elsewhere('redo');
  }

  // before it is drawn
  _popAction() {
    const { actions, trigger } = this._currentExecution;

    if (actions.length === 1 && trigger !== 'execute') {
      this._step(trigger);
      this._putRight();
    }

    super._popAction();
  }

  // when it is drawn: the library writes the places of labels only then
  _settle(trigger) {
    if (trigger === 'execute') {
      this._record();
    } else if (trigger !== 'clear' && this._contents) {
      restore(this._contents);
    }
  }

  // a drawing is shown: of another file, or another one of the same
  _begin() {
    const canvas = this._injector.get('canvas'),
          definitions = this._injector.get('bpmnjs').getDefinitions();

    if (definitions !== this._definitions) {
      this._past = [];
      this._future = [];
    }

    this._definitions = definitions;
    this._drawing = canvas.getRootElement().di?.$parent;
    this._contents = this._read();
  }

  _read() {
    return contentsOf(this._definitions, this._injector.get('elementRegistry').getAll());
  }

  _record() {
    const contents = this._read();

    this._past.push({
      // its id says what is undone together; it may change yet
      action: this._getUndoAction(),
      drawing: this._drawing,
      root: this._injector.get('canvas').getRootElement()?.id,
      changes: differences(this._contents, contents)
    });

    this._future = [];
    this._contents = contents;
  }

  /** Take what belongs together from what was done to what may be done again, or back; in the order in which it is to be applied. */
  _step(trigger) {
    const [ from, to ] = trigger === 'undo' ? [ this._past, this._future ] : [ this._future, this._past ],
          { id } = from.at(-1).action,
          taken = [];

    while (from.at(-1)?.action.id === id) {
      taken.push(from.pop());
    }

    to.push(...taken);

    for (const { changes } of taken) {
      this._contents = withSide(this._contents, changes, trigger === 'undo' ? 'before' : 'after');
    }

    return taken;
  }

  _putRight() {
    const registry = this._injector.get('elementRegistry');

    // an event that is gone still hangs at its step: the library does not take off what it replaced
    registry.forEach(({ attachers = [] }) => [ ...attachers ].filter(one => registry.get(one.id) !== one).forEach(gone => { gone.host = null; }));

    const restored = restore(this._contents);

    if (restored.size) {
      this._markDirty(registry.filter(({ businessObject, di }) => restored.has(businessObject) || restored.has(di)));
    }
  }

  _elsewhere(trigger) {
    const canvas = this._injector.get('canvas'),
          { drawing, root } = this._step(trigger).at(-1);

    restore(this._contents);

    // the drawing is shown when this returns, whatever is waited for
    const opened = this._injector.get('bpmnjs').open(drawing);

    canvas.setRootElement(canvas.findRoot(root) || canvas.getRootElement());
    this._eventBus.fire('bpm.drawing.opened', { drawing });
    this._fire('changed', { trigger });

    return opened;
  }
}

History.$inject = [ 'eventBus', 'injector' ];
