/**
 * Writes the icons that pages use into one sprite: node icons.mjs
 *
 * The drawings come from lucide-static (ISC). Pages name them: {{ ui.icon("inbox") }}. A name that is missing here shows
 * nothing, so add it to the list. `build.mjs` calls writeIcons after the bundles are built.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url)),
      OUT = resolve(HERE, '../bpm/static/build'),
      PACKAGE = dirname(createRequire(import.meta.url).resolve('lucide-static/package.json'));

export const NAMES = [
  'arrow-left', 'arrow-right', 'bell', 'calendar', 'calendar-clock', 'check', 'chevron-down', 'chevron-left',
  'chevron-right', 'circle', 'circle-alert', 'circle-check', 'circle-help', 'circle-dot', 'circle-pause', 'circle-play', 'circle-x',
  'clock', 'cog', 'compass', 'copy', 'download', 'ellipsis', 'external-link', 'eye', 'file', 'file-text', 'folder-open',
  'funnel', 'git-branch', 'hand', 'history', 'inbox', 'info', 'link', 'list', 'list-checks', 'log-in', 'log-out',
  'mail', 'message-square', 'minus', 'monitor', 'moon', 'move', 'paperclip', 'pencil', 'play', 'plus', 'printer', 'redo-2',
  'refresh-cw', 'route', 'save', 'search', 'send', 'settings', 'skip-forward', 'smartphone', 'sun', 'table', 'tag', 'timer',
  'trash-2', 'triangle-alert', 'undo-2', 'upload', 'user', 'user-check', 'user-plus', 'users', 'variable',
  'workflow', 'wrench', 'x', 'zoom-in', 'zoom-out'
];

/** Write the sprite into `folder` and return how many icons it holds. */
export async function writeIcons(folder = OUT) {
  const symbols = await Promise.all(NAMES.map(symbol));

  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'icons.svg'),
    `<svg xmlns="http://www.w3.org/2000/svg">\n${ symbols.join('\n') }\n</svg>\n`);

  return NAMES.length;
}


// local functions //////////

/** The drawing without its own size and colours: those are given by the class "icon". */
async function symbol(name) {
  const svg = await readFile(join(PACKAGE, 'icons', `${ name }.svg`), 'utf8'),
        drawing = svg.slice(svg.indexOf('>', svg.indexOf('<svg')) + 1, svg.lastIndexOf('</svg>'));

  return `<symbol id="${ name }" viewBox="0 0 24 24">${ drawing.replace(/\s+/g, ' ').replaceAll(' />', '/>').trim() }</symbol>`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(`icons.svg  ${ await writeIcons() } icons`);
}
