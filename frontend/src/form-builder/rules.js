import { normal, toFeel } from '../designer/conditions/Rows';

/**
 * When a field is shown and when it must be filled in: rows that people pick, kept in showWhen and requiredWhen, and the
 * FEEL that the server runs, in conditional.hide and validate.required. The rows are those of arrows.
 */

/** An answer that is missing makes no condition true, so the field stays hidden. */
export function hideText(when, fields) {
  return `=(${ toFeel(when, fields).slice(1) }) != true`;
}

export function requiredText(when, fields) {
  return toFeel(when, fields);
}

/** Take away what this builder does not write: rows beside an expression of another kind. The expression is what runs. */
export function normalise(content) {
  const clean = part => {
    const { showWhen, requiredWhen, conditional, validate, components } = part;

    if (showWhen && !isWritten(conditional?.hide, /^=\(.*\) != true$/s, showWhen)) {
      delete part.showWhen;
    }

    if (requiredWhen && !isWritten(validate?.required, /^=/, requiredWhen)) {
      delete part.requiredWhen;
    }

    (components || []).forEach(clean);
  };

  const copy = structuredClone(content);

  copy.components ||= [];
  copy.components.forEach(clean);

  return copy;
}

/** A key has another name now: in rows, and as a word of its own in expressions. */
export function rename(content, old, key) {
  const word = new RegExp(`(?<![\\p{L}\\p{N}_."])${ old }(?![\\p{L}\\p{N}_"])`, 'gu');

  const visit = value => {
    if (!value || typeof value !== 'object') {
      return;
    }

    for (const [ name, inner ] of Object.entries(value)) {
      if (name === 'field' && inner === old) {
        value[name] = key;
      } else if (typeof inner === 'string' && (inner.startsWith('=') || [ 'expression', 'valuesExpression', 'choices', 'hide' ].includes(name))) {
        value[name] = inner.replace(word, key);
      } else {
        visit(inner);
      }
    }
  };

  visit(content.components);
}


// local functions //////////

function isWritten(text, shape, { rules }) {
  return typeof text === 'string' && shape.test(text) && rules?.every(({ field }) => normal(text).includes(field));
}
