/**
 * Nodes that are drawn anew only when what they are made of has changed: a list of hundreds of steps is drawn after
 * every change, and the browser would have to lay all of it out again.
 */
export class Kept {

  constructor() {
    this._nodes = new Map();
  }

  /**
   * @param {string} key
   * @param {any[]} parts what the node is made of: texts, elements, nodes within it
   * @param {() => HTMLElement} draw
   */
  node(key, parts, draw) {
    const known = this._nodes.get(key);

    if (known && known.parts.length === parts.length && known.parts.every((part, index) => part === parts[index])) {
      return known.node;
    }

    const node = draw();

    this._nodes.set(key, { parts, node });

    return node;
  }

  /** Forget what is not within root any more. */
  forget(root) {
    for (const [ key, { node } ] of this._nodes) {
      if (!root.contains(node)) {
        this._nodes.delete(key);
      }
    }
  }
}

/** Put nodes into a list; those that are at their place stay untouched. */
export function place(list, nodes) {
  const wanted = new Set(nodes);

  [ ...list.children ].filter(child => !wanted.has(child)).forEach(child => child.remove());

  let next = list.firstElementChild;

  for (const node of nodes) {
    if (node === next) {
      next = next.nextElementSibling;
    } else {
      list.insertBefore(node, next);
    }
  }
}
