/**
 * The letters of our languages as light files of their own.
 *
 * A first visit should weigh little: English, Polish and Russian letters are cut out of the typeface's files, in the
 * weights that pages use. Any other letter (a French name) still comes from the whole file, loaded only when it occurs.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import subsetFont from 'subset-font';

const HERE = dirname(fileURLToPath(import.meta.url)),
      FOLDER = resolve(HERE, '.cache/fonts'),
      FILES = join(dirname(createRequire(import.meta.url).resolve('@fontsource-variable/inter/package.json')), 'files'),
      // figures of one width, accents; no kerning: it would make the letters of a page a fifth heavier
      FEATURES = [ 'tnum', 'ccmp', 'locl', 'mark' ],
      WEIGHTS = { min: 400, max: 700 };

const LETTERS = {
  latin: letters(0x20, 0x7e) + '\u00a0§©«°·»×Óó–—‘’‚“”„…•€−',
  'latin-ext': 'ĄąĆćĘęŁłŃńŚśŹźŻż',
  cyrillic: letters(0x410, 0x44f) + 'Ёё№'
};

// what programs outside of a browser read: pictures and documents made on the server (bpm/designer/fonts.py)
const PRINTED = {
  latin: letters(0x20, 0xff) + letters(0x2010, 0x2044) + '€™←↑→↓−≤≥≠×÷✓',
  'latin-ext': letters(0x100, 0x24f) + letters(0x1e00, 0x1eff),
  cyrillic: letters(0x400, 0x45f) + 'Ґґ№'
};

/** Write the typeface as TrueType, regular and bold, one file for each script. @return {Promise<string[]>} their names */
export async function printedFonts(folder) {
  await mkdir(folder, { recursive: true });

  return (await Promise.all(Object.entries(PRINTED).map(async ([ subset, text ]) => {
    const whole = await readFile(join(FILES, `inter-${ subset }-wght-normal.woff2`));

    return Promise.all([ [ 'regular', 400 ], [ 'bold', 700 ] ].map(async ([ name, wght ]) => {
      const file = `inter-${ name }-${ subset }.ttf`;

      await writeFile(join(folder, file), await subsetFont(whole, text, { targetFormat: 'truetype', variationAxes: { wght }, noHinting: true }));

      return file;
    }));
  }))).flat();
}

/** Write the light files and return their @font-face rules, which must stand behind those of the whole files. */
export async function lightFaces() {
  await mkdir(FOLDER, { recursive: true });

  return (await Promise.all(Object.entries(LETTERS).map(face))).join('\n');
}


// local functions //////////

async function face([ subset, text ]) {
  const whole = await readFile(join(FILES, `inter-${ subset }-wght-normal.woff2`)),
        file = join(FOLDER, `inter-${ subset }-light.woff2`);

  await writeFile(file, await subsetFont(whole, text, {
    targetFormat: 'woff2', variationAxes: { wght: WEIGHTS }, keepFeatures: FEATURES, noHinting: true
  }));

  return `@font-face {
  font-family: 'Inter Variable';
  font-style: normal;
  font-display: swap;
  font-weight: ${ WEIGHTS.min } ${ WEIGHTS.max };
  src: url("${ file.replaceAll('\\', '/') }") format('woff2-variations');
  unicode-range: ${ ranges(text) };
}`;
}

function letters(first, last) {
  return Array.from({ length: last - first + 1 }, (_, index) => String.fromCodePoint(first + index)).join('');
}

/** U+20-7E, U+A0, …: neighbours are joined. */
function ranges(text) {
  const points = [ ...text ].map(letter => letter.codePointAt(0)).sort((a, b) => a - b),
        spans = [];

  for (const point of points) {
    const last = spans.at(-1);

    if (last && point === last[1] + 1) {
      last[1] = point;
    } else {
      spans.push([ point, point ]);
    }
  }

  const hex = point => point.toString(16).toUpperCase();

  return spans.map(([ from, to ]) => from === to ? `U+${ hex(from) }` : `U+${ hex(from) }-${ hex(to) }`).join(', ');
}
