/**
 * Bundles the browser code: node build.mjs [--watch]
 *
 * One entry per kind of page, hashed file names, shared chunks, and a manifest.json from which
 * the server writes the <link> and <script> tags. `frontend/build.py` calls this.
 */
import { build, context } from 'esbuild';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { lightFaces, printedFonts } from './fonts.mjs';
import { writeIcons } from './icons.mjs';
import { collectLicences } from './licences.mjs';

const HERE = dirname(fileURLToPath(import.meta.url)),
      OUT = resolve(HERE, '../bpm/static/build'),
      FONT_SUBSETS = [ 'latin', 'latin-ext', 'cyrillic' ],
      PRINT = 'print',
      OTHER_FILES = [ 'icons.svg', 'manifest.json', 'THIRD-PARTY-LICENSES.txt', '.stamp' ],
      watch = process.argv.includes('--watch');

const options = {
  absWorkingDir: HERE,
  entryPoints: {
    app: 'src/app/index.js',
    designer: 'src/designer/index.js',
    viewer: 'src/viewer/index.js',
    'form-builder': 'src/form-builder/index.js',
    decision: 'src/decision/index.js',
    compare: 'src/compare/index.js',
    rehearsal: 'src/rehearsal/index.js',
    fonts: 'src/fonts/fonts.css'
  },
  outdir: OUT,
  bundle: true,
  format: 'esm',
  splitting: true,
  minify: !watch,
  sourcemap: watch,
  metafile: true,
  target: [ 'chrome111', 'firefox115', 'safari16' ],
  entryNames: '[name]-[hash]',
  chunkNames: 'chunk/[name]-[hash]',
  assetNames: 'asset/[name]-[hash]',

  // bpmn.css names five font formats; .eot serves no browser we support
  loader: { '.woff2': 'file', '.woff': 'file', '.ttf': 'file', '.svg': 'file', '.eot': 'empty' },
  plugins: [
    { name: 'font-subsets', setup: build => build.onLoad({ filter: /inter[\\/]wght\.css$/ }, keepFontSubsets) },
    { name: 'narrow-marks', setup: build => build.onLoad({ filter: /diagram-js\.css$/ }, narrowMarks) },
    { name: 'manifest', setup: build => build.onEnd(writeManifest) }
  ]
};

await writeIcons(OUT);

const printed = (await printedFonts(`${ OUT }/${ PRINT }`)).map(name => `${ PRINT }/${ name }`);

if (watch) {
  await (await context(options)).watch();
} else {
  const { metafile } = await build(options);

  await writeFile(`${ OUT }/THIRD-PARTY-LICENSES.txt`, await collectLicences(HERE, { inputs: { ...metafile.inputs, 'node_modules/lucide-static/package.json': {} } }));
  await removeStale(metafile);
  await reportSizes(toManifest(metafile));
}


// local functions //////////

/** The package's style sheet names every script of the world: keep those our languages are written in. */
async function keepFontSubsets({ path }) {
  const css = await readFile(path, 'utf8'),
        wanted = FONT_SUBSETS.map(subset => `inter-${ subset }-wght-normal`),
        faces = css.split(/(?=\/\*)/).filter(face => wanted.some(name => face.includes(`/* ${ name } */`)));

  if (faces.length !== FONT_SUBSETS.length) {
    throw new Error(`Expected ${ FONT_SUBSETS.length } font faces in ${ path }, found ${ faces.length }.`);
  }

  return { contents: faces.join('') + await lightFaces(), loader: 'css' };
}

/**
 * While something is dragged, diagram-js marks the whole paper, and its style sheet has rules for everything within what
 * is marked: thousands of shapes are styled anew. Here they are for what they are meant for.
 */
async function narrowMarks({ path }) {
  const css = await readFile(path, 'utf8'),
        narrowed = css
          .replaceAll(/^(\.(drop|connect)-(not-)?ok) \*/gm, '.djs-element$1 .djs-hit')
          .replace(/^(\.djs-drag-active \.djs-bendpoints) \*/m, '$1 :where(.djs-bendpoint, .djs-segment-dragger)');

  if (/^\.(drop|connect|djs-drag)-\S+( \S+)? \*/m.test(narrowed) || narrowed === css) {
    throw new Error(`${ path } has other rules for what is marked while something is dragged than those known here.`);
  }

  return { contents: narrowed, loader: 'css' };
}

async function writeManifest({ metafile, errors }) {
  if (!errors.length) {
    await writeFile(`${ OUT }/manifest.json`, JSON.stringify(toManifest(metafile), null, 1) + '\n');
  }
}

/** { designer: { js, css, preload: [ chunks loaded with it ] }, fonts: { js: null, css, preload: [] } } */
function toManifest({ outputs }) {
  const names = new Map(Object.entries(options.entryPoints).map(([ name, file ]) => [ file, name ]));

  return Object.fromEntries(Object.entries(outputs)
    .filter(([ file, output ]) => names.has(output.entryPoint) && !file.endsWith('.map'))
    .map(([ file, { entryPoint, cssBundle } ]) => [ names.get(entryPoint), file.endsWith('.css')
      ? { js: null, css: publicName(file), preload: [] }
      : {
        js: publicName(file),
        css: cssBundle ? publicName(cssBundle) : null,
        preload: staticImports(file, outputs).map(publicName)
      }
    ]));
}

/** Take away what earlier builds left; only after a good build, so that a bad one leaves the pages working. */
async function removeStale({ outputs }) {
  const kept = new Set([ ...Object.keys(outputs).map(publicName), ...OTHER_FILES, ...printed ]);

  for (const entry of await readdir(OUT, { recursive: true, withFileTypes: true })) {
    const path = resolve(entry.parentPath ?? entry.path, entry.name);

    if (entry.isFile() && !kept.has(publicName(path))) {
      await rm(path);
    }
  }
}

function publicName(file) {
  return relative(OUT, resolve(HERE, file)).replaceAll('\\', '/');
}

function staticImports(file, outputs, seen = new Set()) {
  for (const { path, kind } of outputs[file].imports) {
    if (kind === 'import-statement' && !seen.has(path)) {
      seen.add(path);
      staticImports(path, outputs, seen);
    }
  }

  return [ ...seen ];
}

async function reportSizes(manifest) {
  for (const [ name, { js, css, preload } ] of Object.entries(manifest)) {
    console.log(name.padEnd(10), 'js', await sizes([ js, ...preload ]), '| css', await sizes([ css ]));
  }

  console.log(`${ basename(OUT) }/manifest.json written`);
}

async function sizes(files) {
  const contents = await Promise.all(files.filter(Boolean).map(file => readFile(`${ OUT }/${ file }`))),
        kib = buffers => (buffers.reduce((sum, { length }) => sum + length, 0) / 1024).toFixed(0);

  return `${ kib(contents) } KiB, ${ kib(contents.map(content => gzipSync(content, { level: 9 }))) } gzipped`;
}
