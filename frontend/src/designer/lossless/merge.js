/** Puts into a file what was changed between two readings of it, and leaves all else in it as it is. */

const XMLNS = 'http://www.w3.org/2000/xmlns/',
      XSI = 'http://www.w3.org/2001/XMLSchema-instance',
      UNORDERED = [ 'definitions', 'collaboration', 'process', 'subProcess', 'transaction', 'adHocSubProcess', 'BPMNPlane' ],
      DRAWINGS = [ 'definitions', 'BPMNDiagram', 'BPMNPlane' ],
      ELEMENT = 1,
      TEXT = 3;

/**
 * @param {string} file the text that was opened
 * @param {string} before what the writer made of it when nothing was changed yet
 * @param {string} after what the writer makes of it now
 *
 * @return {string} the file with the changes from before to after
 */
export default function merge(file, before, after) {
  const { from, was, origin, whole } = opened(file, before),
        is = read(after);

  if (!from || !was || !is) {
    return after;
  }

  const changes = new Changes(from, was, is, origin, whole);

  const doc = changes.apply();

  return changes.isAny
    ? head(file) + new XMLSerializer().serializeToString(doc).replace(/^<\?xml[^>]*\?>\s*/, '').trimEnd() + /\s*$/.exec(file)[0]
    : file;
}


// local functions //////////

let last = {};

/** What was opened stays the same from one save to the next: it is read once. */
function opened(file, before) {
  if (last.file !== file || last.before !== before) {
    const [ from, was ] = [ file, before ].map(read);

    last = { file, before, from, was };

    if (from && was) {
      last.origin = pairs(was, from);
      last.whole = whole(last.origin, from);
    }
  }

  return last;
}

/** The elements of a file of which nothing was read as standing elsewhere. */
function whole(origin, from) {
  const readAs = new Map([ ...origin ].map(([ element, source ]) => [ source, element ])),
        found = new Set(readAs.keys());

  for (const source of elements(from)) {
    const around = readAs.has(source) ? ancestors(source).filter(one => readAs.has(one)) : [];

    if (around.length && !readAs.get(around[0]).contains(readAs.get(source))) {
      around.forEach(one => found.delete(one));
    }
  }

  return found;
}

function ancestors(node) {
  return node.parentElement ? [ node.parentElement, ...ancestors(node.parentElement) ] : [];
}

function read(text) {
  const doc = new DOMParser().parseFromString(text.replace(/^\ufeff/, ''), 'application/xml');

  return doc.querySelector('parsererror') ? null : doc;
}

/** The declaration and what stands between it and the first element, which no serializer gives back. */
function head(text) {
  const [ start ] = /^\ufeff?\s*(<\?xml[^>]*\?>\s*)?/.exec(text);

  return start;
}

class Changes {

  constructor(from, was, is, origin, whole) {
    this._from = from;
    this._is = is;
    this.isAny = false;

    // elements of what was read, with those of the file; of what is now, with those of what was read
    this._origin = origin;
    this._whole = whole;
    this._earlier = pairs(is, was);
    this._ids = new Set(elements(is).map(idOf).filter(Boolean));
    this._idsBefore = new Set(elements(was).map(idOf).filter(Boolean));
    this._isLess = [ ...this._idsBefore ].some(id => !this._ids.has(id));
    this._known = new Set(this._origin.values());
    this._current = new Map([ ...this._earlier ].map(([ element, earlier ]) => [ this._origin.get(earlier), element ]));
    this._prefixes = prefixes(from.documentElement);
  }

  apply() {
    const doc = this._from.cloneNode(false);

    this._from.childNodes.forEach(node => doc.append(node === this._from.documentElement
      ? this._made(this._is.documentElement)
      : doc.importNode(node, true)));

    return doc;
  }

  /** The element as it stands in the file, with what was changed in it. */
  _made(element) {
    const earlier = this._earlier.get(element),
          origin = earlier && this._origin.get(earlier),
          isSame = origin && this._isSame(element, earlier, origin),
          node = origin ? origin.cloneNode(isSame) : this._created(element);

    if (isSame) {
      return node;
    }

    this._attributes(node, element, origin && earlier);

    if (origin && !childElements(element).length && !childElements(earlier).length) {
      const same = element.textContent === earlier.textContent;

      this.isAny ||= !same;

      [ ...(same ? origin : element).childNodes ].forEach(child => this._copy(node, child));
    } else if (origin) {
      this._children(node, element, earlier, origin);
    } else {
      [ ...element.childNodes ].forEach(child => child.nodeType === ELEMENT
        ? this._isGone(child) || this._originOf(child) && this._stays(child) || node.append(this._made(child))
        : this._copy(node, child));
    }

    return node;
  }

  /** Whether nothing was changed in an element, so that it can be taken from the file as it stands there. */
  _isSame(element, earlier, origin) {
    return this._whole.has(origin) && !(this._isLess && DRAWINGS.includes(element.localName)) && element.isEqualNode(earlier);
  }

  _copy(node, child) {
    if (child.nodeType !== ELEMENT || !this._known.has(child)) {
      node.append(this._from.importNode(child, true));
    }
  }

  _created(element) {
    const prefix = this._prefixes.get(element.namespaceURI);

    return this._from.createElementNS(element.namespaceURI, prefix ? `${ prefix }:${ element.localName }`
      : prefix === undefined ? element.nodeName : element.localName);
  }

  _attributes(node, element, earlier) {
    const names = new Map([ ...earlier ? earlier.attributes : [], ...element.attributes ]
      .filter(({ namespaceURI }) => namespaceURI !== XMLNS)
      .map(attribute => [ `${ attribute.namespaceURI }|${ attribute.localName }`, attribute ]));

    for (const { namespaceURI, localName, name } of names.values()) {
      const value = element.getAttributeNS(namespaceURI, localName);

      if (earlier && value === earlier.getAttributeNS(namespaceURI, localName)) {
        continue;
      }

      this.isAny = true;

      if (value === null) {
        node.removeAttributeNS(namespaceURI, localName);
      } else {
        const prefix = namespaceURI && this._prefixes.get(namespaceURI);

        node.setAttributeNS(namespaceURI, prefix ? `${ prefix }:${ localName }` : name,
          namespaceURI === XSI && localName === 'type' ? this._typeName(element, value) : value);
      }
    }
  }

  /** The name of a type is bound to its namespace by the prefixes of its own file. */
  _typeName(element, value) {
    const [ local, prefix = null ] = value.split(':').reverse(),
          there = this._prefixes.get(element.lookupNamespaceURI(prefix));

    return there === undefined ? value : there ? `${ there }:${ local }` : local;
  }

  /** Keep the file's own order, and whatever the reader left out at its place. */
  _children(node, element, earlier, origin) {
    const now = childElements(element).filter(child => !this._isGone(child)),
          stayed = now.filter(child => this._originOf(child)?.parentNode === origin && this._stays(child)),
          order = this._isReordered(stayed, earlier) ? stayed : null,
          made = new Map();

    this.isAny ||= Boolean(order);

    let slot = 0;

    for (const child of origin.childNodes) {
      const current = this._current.get(child);

      if (child.nodeType !== ELEMENT || !this._known.has(child)) {
        node.append(child.cloneNode(true));
      } else if (current && !this._isGone(current) && this._stays(current)) {
        const next = order && stayed.includes(current) ? order[slot++] : current;

        made.set(next, node.appendChild(this._made(next)));
      } else {
        this.isAny = true;
        takeSpace(node);
      }
    }

    now.forEach((child, index) => {
      if (!made.has(child) && this._isAdded(child)) {
        made.set(child, this._insert(node, child, made.get(now[index - 1])));
      }
    });
  }

  _originOf(element) {
    return this._origin.get(this._earlier.get(element));
  }

  /** Whether something has its place where it stands in the file. */
  _stays(element) {
    const earlier = this._earlier.get(element),
          parent = element.parentNode;

    return this._originOf(element) && this._earlier.get(parent) === earlier.parentNode
      && (this._originOf(parent) || !this._isAdded(parent));
  }

  /** Whether something is to be put in: it is new, or moved; the reader itself adds to what it reads. */
  _isAdded(child) {
    const earlier = this._earlier.get(child);

    return !earlier || (this._origin.has(earlier) ? !this._stays(child) : !sameContent(child, earlier));
  }

  _isReordered(stayed, earlier) {
    // where the order says nothing, undoing may have changed it
    if (UNORDERED.includes(earlier.localName)) {
      return false;
    }

    const places = new Map(childElements(earlier).map((child, index) => [ child, index ]));

    return stayed.some((child, index) => index > 0
      && places.get(this._earlier.get(child)) < places.get(this._earlier.get(stayed[index - 1])));
  }

  _insert(node, child, before) {
    this.isAny = true;

    const made = this._made(child),
          next = before ? before.nextSibling : firstElement(node) || node.firstChild,
          space = spaceBefore(before || firstElement(node)) ?? `\n${ '  '.repeat(depthOf(child)) }`;

    if (before || !next) {
      node.insertBefore(this._from.createTextNode(space), next);
      node.insertBefore(made, next);
    } else {
      node.insertBefore(made, next);
      node.insertBefore(this._from.createTextNode(space), next);
    }

    if (!made.nextSibling) {
      node.append(this._from.createTextNode(space.replace(/( {2}|\t)$/, '')));
    }

    return made;
  }

  /** Another drawing in the file still shows what was deleted in this one. */
  _isGone(element) {
    const shown = /^BPMN(Shape|Edge)$/.test(element.localName) && element.getAttribute('bpmnElement');

    return shown && this._idsBefore.has(shown) && !this._ids.has(shown);
  }
}

/** Find for each element of one document the same element in another: by its id, else by its place and content. */
function pairs(doc, other) {
  const found = new Map(),
        taken = new Set(),
        byId = new Map();

  elements(other).forEach(element => {
    const id = idOf(element);

    if (id && !byId.has(id)) {
      byId.set(id, element);
    }
  });

  pair(doc.documentElement, other.documentElement, true);

  for (const element of elements(doc)) {
    const same = byId.get(idOf(element));

    if (same && !found.has(element) && !taken.has(same) && isAlike(element, same)) {
      pair(element, same);
    }
  }

  return found;

  /** isFirst: nothing within them has been paired yet. */
  function pair(element, same, isFirst) {
    found.set(element, same);
    taken.add(same);

    const children = childElements(element),
          others = childElements(same);

    if (isFirst && element.isEqualNode(same)) {
      return children.forEach((child, index) => pairAll(child, others[index]));
    }

    match(children, others, idOf, isFirst);
    match(children, others, one => !idOf(one) && signature(one), isFirst);
    match(children, others, one => !idOf(one) && 'any', isFirst);
  }

  function pairAll(element, same) {
    found.set(element, same);
    taken.add(same);

    const others = childElements(same);

    childElements(element).forEach((child, index) => pairAll(child, others[index]));
  }

  /** Pair those that are called the same and have the same key, in their order; '' is no key. */
  function match(children, others, keyOf, isFirst) {
    const waiting = new Map();

    for (const other of others) {
      const key = !taken.has(other) && keyOf(other);

      if (key) {
        const name = nameOf(other) + key;

        waiting.has(name) ? waiting.get(name).push(other) : waiting.set(name, [ other ]);
      }
    }

    for (const child of waiting.size ? children : []) {
      const key = !found.has(child) && keyOf(child),
            same = key && waiting.get(nameOf(child) + key)?.shift();

      if (same) {
        pair(child, same, isFirst);
      }
    }
  }
}

const signatures = new WeakMap();

/** What an element says, whatever the prefixes, the order of attributes and the way numbers are written. */
function signature(element) {
  if (!signatures.has(element)) {
    const attributes = [ ...element.attributes ]
      .filter(({ namespaceURI }) => namespaceURI !== XMLNS)
      .map(({ namespaceURI, localName, value }) => `${ namespaceURI || '' }|${ localName }=${ plain(value) }`)
      .sort();

    const children = childElements(element);

    signatures.set(element, [
      element.namespaceURI, element.localName, ...attributes,
      ...children.length ? children.map(signature) : [ plain(element.textContent) ]
    ].join('\n'));
  }

  return signatures.get(element);
}

function sameContent(one, two) {
  return signature(one) === signature(two);
}

function plain(value) {
  const text = value.trim();

  return text && isFinite(text) ? String(Number(text)) : text;
}

function isAlike(one, two) {
  return one.localName === two.localName && one.namespaceURI === two.namespaceURI;
}

function nameOf({ namespaceURI, localName }) {
  return `${ namespaceURI } ${ localName } `;
}

function idOf(element) {
  return element.getAttribute('id');
}

function elements(doc) {
  return [ ...doc.getElementsByTagName('*') ];
}

// the collection of a node that the browser gives is slow to walk
function childElements(node) {
  const found = [];

  for (let child = node.firstElementChild; child; child = child.nextElementSibling) {
    found.push(child);
  }

  return found;
}

function firstElement(node) {
  return node.firstElementChild;
}

/** The prefix of each namespace in the file; '' for the one that needs none. */
function prefixes(root) {
  const found = new Map();

  for (const { namespaceURI, localName, name, value } of root.attributes) {
    if (namespaceURI === XMLNS && (!found.has(value) || name === 'xmlns')) {
      found.set(value, name === 'xmlns' ? '' : localName);
    }
  }

  return found;
}

function spaceBefore(node) {
  const before = node?.previousSibling;

  return before?.nodeType === TEXT && !before.data.trim() ? before.data : null;
}

function takeSpace(node) {
  const last = node.lastChild;

  if (last?.nodeType === TEXT && !last.data.trim()) {
    last.remove();
  }
}

function depthOf(node) {
  let depth = -1;

  for (let parent = node.parentNode; parent; parent = parent.parentNode) {
    depth++;
  }

  return depth;
}
