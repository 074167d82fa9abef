/** What people write into the panel, as it stands in the form. */
import { freeKey } from '../shared/keys';
import { textOf, withText } from './words';

export function rules(part, changes) {
  const all = Object.fromEntries(Object.entries({ ...part.validate, ...changes }).filter(([ , value ]) => value !== undefined));

  return Object.keys(all).length ? all : undefined;
}

export function equal(text) {
  return text.startsWith('=') ? text : `=${ text }`;
}

export function toWhole(text) {
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

export function toNumber(text) {
  const number = text.replace(',', '.').replace(/\s/g, '');

  return number !== '' && Number.isFinite(Number(number)) ? Number(number) : undefined;
}

export function toDefault({ type }, text) {
  if (text === '' || text.startsWith('=')) {
    return text || undefined;
  }

  return type === 'checkbox' ? text === 'true' : [ 'number', 'money' ].includes(type) ? toNumber(text) ?? text : text;
}

export function nearest(columns = 16) {
  return [ 16, 12, 10, 8, 6, 4 ].reduce((best, one) => Math.abs(one - columns) < Math.abs(best - columns) ? one : best);
}

/** Lines to answers: a line that was there keeps its value; one that was only reworded too. */
export function toValues(text, old) {
  const lines = text.split('\n').map(line => line.trim()).filter(Boolean),
        taken = [],
        same = words => old.find(({ label, value }) => (textOf(label) || String(value)) === words && !taken.includes(value));

  const found = lines.map(words => {
    const known = same(words);

    taken.push(known?.value);

    return known && { ...known };
  });

  return found.map((known, index) => {
    if (known) {
      return known;
    }

    // reworded in place: same number of lines, and the old answer of this line is gone
    const before = lines.length === old.length && !taken.includes(old[index].value) ? old[index] : null,
          value = before ? before.value : freeKey(lines[index], [ ...taken, ...old.map(({ value }) => value) ].map(String), 'answer');

    taken.push(value);

    return { value, label: withText(before?.label, lines[index]) };
  });
}

export function translated(values, text, language) {
  const lines = text.split('\n');

  return values.map((one, index) => ({ ...one, label: withText(one.label || String(one.value), (lines[index] || '').trim(), language) }));
}
