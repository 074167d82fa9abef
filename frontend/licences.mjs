/** Gathers the licence texts of every package that ended up in a bundle. */
import { readFile, readdir } from 'node:fs/promises';
import { resolve } from 'node:path';

const PACKAGE = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;

/**
 * @param {string} root the folder that the names in the metafile are relative to
 * @param {{ inputs: Object }} metafile what esbuild says about its inputs
 */
export async function collectLicences(root, { inputs }) {
  const folders = new Set(Object.keys(inputs).map(file => PACKAGE.exec(file)?.[1]).filter(Boolean)),
        texts = await Promise.all([ ...folders ].sort().map(folder => describe(resolve(root, folder))));

  return texts.join(`\n${ '-'.repeat(72) }\n\n`);
}


// local functions //////////

async function describe(folder) {
  const { name, version, license } = JSON.parse(await readFile(`${ folder }/package.json`, 'utf8')),
        file = (await readdir(folder)).find(file => /^licen[cs]e/i.test(file)),
        text = file ? await readFile(`${ folder }/${ file }`, 'utf8') : 'No licence file in the package.';

  return `${ name } ${ version } (${ license })\n\n${ text.trim() }\n`;
}
