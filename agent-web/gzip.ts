// Beside each text file of a build, what the server sends of it to browsers that take gzip: the same bytes for the same input.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const TEXTS = /\.(html|js|mjs|css|json|map|svg|webmanifest|txt)$/;
/** Of less nothing is won: one packet is one packet. */
const SIZE_MIN = 1024;

function writeBeside(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((each) => TEXTS.test(each))) {
    const file = join(folder, name);
    const bytes = readFileSync(file);
    const small = gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION });
    if (bytes.length >= SIZE_MIN && small.length < bytes.length) writeFileSync(`${file}.gz`, small);
  }
}

/** A plugin of Vite's build. */
export function gzip(): Plugin {
  let folder = 'dist';
  return {
    name: 'throughline:gzip',
    apply: 'build',
    configResolved: (config) => {
      folder = join(config.root, config.build.outDir);
    },
    closeBundle: () => writeBeside(folder),
  };
}
