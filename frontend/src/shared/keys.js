const LETTERS = {
  а: 'a', б: 'b', в: 'v', г: 'g', д: 'd', е: 'e', ё: 'e', ж: 'zh', з: 'z', и: 'i', й: 'y', к: 'k', л: 'l', м: 'm', н: 'n',
  о: 'o', п: 'p', р: 'r', с: 's', т: 't', у: 'u', ф: 'f', х: 'h', ц: 'ts', ч: 'ch', ш: 'sh', щ: 'sch', ъ: '', ы: 'y', ь: '',
  э: 'e', ю: 'yu', я: 'ya', ł: 'l'
};

const LONGEST = 48;

/** A name that conditions can use, from words in any of our languages: "Сумма договора" gives summa_dogovora. */
export function keyFrom(words) {
  const key = [ ...(words || '').toLowerCase() ].map(letter => LETTERS[letter] ?? letter).join('')
    .normalize('NFD').replace(/[\u0300-\u036f]/g, '')
    .replace(/[^a-z0-9]+/g, '_').replace(/^_+|_+$/g, '').slice(0, LONGEST);

  return /^\d/.test(key) ? `_${ key }` : key;
}

/** The same, different from all that are taken. */
export function freeKey(words, taken, fallback = 'field') {
  const base = keyFrom(words) || fallback;

  let key = base;

  for (let number = 2; taken.includes(key); number++) {
    key = `${ base }_${ number }`;
  }

  return key;
}
