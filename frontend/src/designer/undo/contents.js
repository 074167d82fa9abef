/**
 * What is in a file at one moment: every part of its model with all its values, in their order; and the same put back.
 *
 * Contents are Maps of part → { name: value }. A list is kept as its Items, because lists are changed in their place.
 */

// what a part is, which never changes; generic parts have their methods themselves
const LEFT_OUT = new Set([ '$type', '$model', '$descriptor', '$instanceOf', 'get', 'set' ]),
      TIED = [ 'incoming', 'outgoing', 'attachers' ];

/**
 * @param {ModdleElement} definitions
 * @param {Element[]} drawn what shows the file; what is tied to it, and in which order, is remembered too
 *
 * @return {Map<Object, Object<string, any>>}
 */
export function contentsOf(definitions, drawn) {
  const contents = new Map(),
        parts = [ definitions ];

  for (const part of parts) {
    if (!contents.has(part)) {
      contents.set(part, valuesOf(part, parts));
    }
  }

  for (const element of drawn) {
    for (const name of TIED) {
      if (element[name]?.length > 1) {
        contents.set(element[name], valuesOf(element[name]));
      }
    }

    contents.set(element, valuesOf(element));
  }

  return contents;
}

/**
 * What differs between two moments.
 *
 * @return {Map<Object, { before: ?Object, after: ?Object }>} values by name, undefined if there was none; null for a
 * part that was not in the file
 */
export function differences(before, after) {
  const found = new Map();

  for (const [ part, values ] of before) {
    const others = after.get(part),
          names = others && differing(values, others);

    if (!others) {
      found.set(part, { before: values, after: null });
    } else if (names.length) {
      found.set(part, { before: pick(values, names), after: pick(others, names) });
    }
  }

  for (const [ part, values ] of after) {
    if (!before.has(part)) {
      found.set(part, { before: null, after: values });
    }
  }

  return found;
}

/** The contents with one side of a difference: 'before' or 'after'. */
export function withSide(contents, found, side) {
  const changed = new Map(contents);

  for (const [ part, { [side]: values } ] of found) {
    if (values) {
      changed.set(part, { ...changed.get(part), ...values });
    } else {
      changed.delete(part);
    }
  }

  return changed;
}

/**
 * Give every part the values that it has in the contents.
 *
 * @return {Set<Object>} the parts that had others
 */
export function restore(contents) {
  const restored = new Set();

  for (const [ part, values ] of contents) {
    const names = differing(values, valuesOf(part));

    if (names.length) {
      names.forEach(name => put(part, name, values[name]));
      restored.add(part);
    }
  }

  return restored;
}


// local functions //////////

/** The members of a list, or the names and texts of $attrs, as they are at this moment. */
class Items {

  constructor(holder) {
    this.holder = holder;
    this.items = Array.isArray(holder) ? holder.slice() : Object.entries(holder).flat();
  }

  putBack() {
    const { holder, items } = this;

    if (Array.isArray(holder)) {
      holder.splice(0, holder.length, ...items);

      return;
    }

    Object.keys(holder).forEach(name => delete holder[name]);

    for (let index = 0; index < items.length; index += 2) {
      holder[items[index]] = items[index + 1];
    }
  }
}

/** The values of a part; other parts that they lead to are added to the given list. */
function valuesOf(part, parts) {
  if (Array.isArray(part)) {
    return { items: new Items(part) };
  }

  if (part.businessObject) {
    return { host: part.host || null };
  }

  const values = {};

  for (const name of Object.getOwnPropertyNames(part)) {
    const value = LEFT_OUT.has(name) ? undefined : part[name];

    if (Array.isArray(value)) {
      values[name] = new Items(value);
      parts?.push(...value.filter(isPart));
    } else if (name === '$attrs') {
      values[name] = new Items(value);
    } else if (value !== undefined) {
      values[name] = value;

      if (isPart(value)) {
        parts?.push(value);
      }
    }
  }

  return values;
}

function isPart(value) {
  return Boolean(value?.$type);
}

function differing(values, others) {
  const names = Object.keys(values).filter(name => !isSame(values[name], others[name]));

  for (const name of Object.keys(others)) {
    if (!(name in values) && !isSame(undefined, others[name])) {
      names.push(name);
    }
  }

  return names;
}

// a list that nobody asked for yet is an empty one
function isSame(one, other) {
  if (!(one instanceof Items) && !(other instanceof Items)) {
    return one === other;
  }

  const [ items, others ] = [ one, other ].map(value => value instanceof Items ? value.items : value === undefined ? [] : [ value ]);

  return items.length === others.length && items.every((item, index) => item === others[index]);
}

function pick(values, names) {
  return Object.fromEntries(names.map(name => [ name, values[name] ]));
}

function put(part, name, value) {
  if (Array.isArray(part)) {
    // what is tied to a shape is the diagram's own; only its order is ours
    if (value.items.length === part.length && value.items.every(item => part.includes(item))) {
      value.putBack();
    }
  } else if (value instanceof Items) {
    value.putBack();
    assign(part, name, value.holder);
  } else if (value !== undefined) {
    assign(part, name, value);
  } else if (Array.isArray(part[name])) {
    part[name].length = 0;
  } else {
    delete part[name];
  }
}

function assign(part, name, value) {
  if (part[name] === value) {
    return;
  }

  if (Object.hasOwn(part, name) || part.businessObject) {
    part[name] = value;
  } else {
    Object.defineProperty(part, name, {
      enumerable: !part.$descriptor?.propertiesByName?.[name]?.isReference, writable: true, configurable: true, value
    });
  }
}
