import { freeKey, keyFrom } from '../shared/keys';
import { CHOICES, conditionType, fieldTypes, HOLDERS, STILL } from './fieldTypes';
import { hideText, normalise, rename, requiredText } from './rules';
import { textOf } from './words';

const MOST_UNDONE = 200;

/**
 * The form that is being made: its JSON, what is selected, and every step back and forth. A part is named by its path:
 * [ 2, 0 ] is the first part within the third.
 *
 * Events: 'changed' and, for the autosave that the designer has too, 'commandStack.changed'; 'selected'.
 */
export default class FormModel {

  constructor({ content, published, picks }) {
    this.content = normalise(content);
    this.published = published;
    this.picks = picks;
    this.selected = null;

    this._done = [];
    this._undone = [];
    this._listeners = [];
  }

  on(event, listener) {
    this._listeners.push([ event, listener ]);
  }

  part(path = this.selected) {
    return path?.length ? path.reduce((part, index) => part?.components?.[index], this.content) : null;
  }

  list(path) {
    return this._list(this.content, path);
  }

  select(path) {
    this.selected = path;
    this._fire('selected');
  }

  /**
   * One step that can be undone.
   *
   * @param {(content: Object) => number[]|null|void} change gets a copy; returns what is selected then
   */
  change(change) {
    const content = structuredClone(this.content),
          selected = change(content);

    refresh(content, this.picks);

    if (JSON.stringify(content) === JSON.stringify(this.content)) {
      return;
    }

    this._done.push({ content: this.content, selected: this.selected });
    this._done.splice(0, this._done.length - MOST_UNDONE);
    this._undone = [];
    this.content = content;

    if (selected !== undefined) {
      this.selected = selected;
    }

    this._changed();
  }

  update(path, properties) {
    this.change(content => {
      assign(find(content, path), properties);
    });
  }

  /** Put a new part behind the selected one, into it if it holds others. @return {number[]} where it stands */
  add(type, path = this.placeForNew()) {
    this.change(content => {
      const { start = {} } = fieldTypes().find(({ id }) => id === type),
            part = { type, ...structuredClone(start) };

      if (type === 'dynamiclist') {
        part.path = freeKey('lines', this.keys());
      } else if (!STILL.includes(type) && type !== 'group') {
        part.key = freeKey('field', this.keys());
      }

      this._list(content, path).splice(path.at(-1), 0, part);

      return path;
    });

    return path;
  }

  placeForNew() {
    const part = this.part();

    if (!part) {
      return [ this.content.components.length ];
    }

    return HOLDERS.includes(part.type) ? [ ...this.selected, part.components.length ] : [ ...this.selected.slice(0, -1), this.selected.at(-1) + 1 ];
  }

  remove(path) {
    this.change(content => {
      const list = this._list(content, path);

      list.splice(path.at(-1), 1);

      return list.length ? [ ...path.slice(0, -1), Math.min(path.at(-1), list.length - 1) ] : path.length > 1 ? path.slice(0, -1) : null;
    });
  }

  copy(path) {
    this.change(content => {
      const taken = this.keys(),
            part = structuredClone(find(content, path)),
            next = [ ...path.slice(0, -1), path.at(-1) + 1 ];

      const renew = part => {
        for (const name of [ 'key', 'path' ].filter(name => part[name])) {
          part[name] = freeKey(part[name], taken);
          taken.push(part[name]);
        }

        (part.components || []).forEach(renew);
      };

      renew(part);
      this._list(content, path).splice(next.at(-1), 0, part);

      return next;
    });
  }

  /** Move a part to a place, both as they are before. @return {boolean} whether it may stand there */
  move(from, to) {
    if (from.every((index, depth) => to[depth] === index) && to.length > from.length) {
      return false;  // into itself
    }

    this.change(content => {
      const place = [ ...to ],
            [ part ] = this._list(content, from).splice(from.at(-1), 1),
            depth = from.length - 1;

      // what stands behind it has moved up
      if (to.length >= from.length && from.slice(0, -1).every((index, i) => to[i] === index) && to[depth] > from[depth]) {
        place[depth]--;
      }

      this._list(content, place).splice(place.at(-1), 0, part);

      return place;
    });

    return true;
  }

  /** One place up or down: over its neighbour, into a section beside it, or out of the one it stands in. */
  step(path, by) {
    const index = path.at(-1),
          beside = this.part([ ...path.slice(0, -1), index + by ]);

    if (beside && HOLDERS.includes(beside.type) && !HOLDERS.includes(this.part(path).type)) {
      return this.move(path, [ ...path.slice(0, -1), index + by, by < 0 ? beside.components.length : 0 ]);
    }

    if (beside) {
      return this.move(path, [ ...path.slice(0, -1), by < 0 ? index - 1 : index + 2 ]);
    }

    return path.length > 1 && this.move(path, [ ...path.slice(0, -2), path.at(-2) + (by < 0 ? 0 : 1) ]);
  }

  /** Write the question; the key follows it as long as nobody can use it yet. */
  label(path, label) {
    this.change(content => {
      const part = find(content, path),
            name = part.type === 'dynamiclist' ? 'path' : 'key',
            old = part[name],
            before = keyFrom(textOf(part.label)),
            follows = old && !this.published.includes(old) && (isPlain(old) || strip(old) === before || old === before);

      assign(part, { label });

      if (follows && keyFrom(textOf(label))) {
        part[name] = freeKey(textOf(label), this.keys().filter(key => key !== old));
        rename(content, old, part[name]);
      }
    });
  }

  /** Make another kind of field of it; what the new kind does not know is gone. */
  retype(path, type) {
    this.change(content => {
      const part = find(content, path),
            { start = {} } = fieldTypes().find(({ id }) => id === type),
            kept = [ 'id', 'key', 'path', 'label', 'description', 'conditional', 'showWhen', 'requiredWhen', 'layout', 'properties', 'components' ];

      const next = { type, ...structuredClone(start), ...Object.fromEntries(kept.filter(name => name in part).map(name => [ name, part[name] ])) };

      if (part.validate?.required && type !== 'expression') {
        next.validate = { required: part.validate.required };
      }

      if (CHOICES.includes(type) && CHOICES.includes(part.type)) {
        Object.assign(next, part.valuesExpression ? { valuesExpression: part.valuesExpression } : { values: part.values });
      }

      if (type === 'group') {
        delete next.path;
      } else if (type === 'dynamiclist') {
        next.path ||= freeKey(textOf(part.label) || 'lines', this.keys());
      }

      Object.keys(part).forEach(name => delete part[name]);
      Object.assign(part, next);
    });
  }

  keys() {
    return [ ...walk(this.content.components) ].flatMap(({ part }) => [ part.key, part.path ]).filter(Boolean);
  }

  /** What conditions and expressions at a place can use: the answers of the form, those of the same line included. */
  fields(path = this.selected) {
    const found = [ ...answers(this.content.components) ];

    for (let depth = 1; depth < (path?.length || 0); depth++) {
      const around = this.part(path.slice(0, depth));

      if (around.type === 'dynamiclist' || around.type === 'group' && around.path) {
        found.unshift(...answers(around.components));
      }
    }

    return found.filter(part => part !== this.part(path)).map(part => toField(part, this.picks));
  }

  get canUndo() {
    return this._done.length > 0;
  }

  get canRedo() {
    return this._undone.length > 0;
  }

  undo() {
    this._go(this._done, this._undone);
  }

  redo() {
    this._go(this._undone, this._done);
  }

  _go(from, to) {
    const state = from.pop();

    if (state) {
      to.push({ content: this.content, selected: this.selected });
      Object.assign(this, state);

      if (!this.part()) {
        this.selected = null;
      }

      this._changed();
    }
  }

  _list(content, path) {
    return path.length > 1 ? find(content, path.slice(0, -1)).components : content.components;
  }

  _changed() {
    this._fire('commandStack.changed');
    this._fire('changed');
  }

  _fire(event) {
    this._listeners.filter(([ name ]) => name === event).forEach(([ , listener ]) => listener());
  }
}

/** Every part with its path, those within others behind them. */
export function * walk(components = [], path = []) {
  for (const [ index, part ] of components.entries()) {
    yield { part, path: [ ...path, index ] };
    yield * walk(part.components, [ ...path, index ]);
  }
}


// local functions //////////

function find(content, path) {
  return path.reduce((part, index) => part.components[index], content);
}

/** Set what is given; undefined and '' take away. */
function assign(part, properties) {
  for (const [ name, value ] of Object.entries(properties)) {
    if (value === undefined || value === '' || value === null) {
      delete part[name];
    } else {
      part[name] = value;
    }
  }

  // these must be there even when they are empty
  for (const name of [ 'expression', 'text', 'recordType' ].filter(name => name in properties)) {
    part[name] ??= '';
  }
}

function * answers(components) {
  for (const part of components) {
    if (part.type === 'group' && !part.path) {
      yield * answers(part.components);
    } else if (part.key || part.path) {
      yield part;
    }
  }
}

function toField(part, picks) {
  const key = part.key || part.path,
        type = conditionType(part),
        options = part.values?.map(({ value, label }) => ({ id: String(value), name: textOf(label) || String(value) }));

  return { key, label: textOf(part.label) || key, type, part, options: options || (type === 'person' ? picks.people : undefined) };
}

/** Write the expressions of all rows anew: the kind of a field may have changed. Put neighbours on common lines. */
function refresh(content, picks) {
  const known = [ ...walk(content.components) ].map(({ part }) => part).filter(part => part.key || part.path).map(part => toField(part, picks));

  for (const { part } of walk(content.components)) {
    if (part.showWhen) {
      part.conditional = { ...part.conditional, hide: hideText(part.showWhen, known) };
    }

    if (part.requiredWhen) {
      part.validate = { ...part.validate, required: requiredText(part.requiredWhen, known) };
    }
  }
}

function isPlain(key) {
  return /^(field|lines)(_\d+)?$/.test(key);
}

function strip(key) {
  return key.replace(/_\d+$/, '');
}
