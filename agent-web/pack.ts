// Beside each text file of a build, what the server sends of it to browsers that take it packed: the same bytes for the same input.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const TEXTS = /\.(html|js|mjs|css|json|map|svg|webmanifest|txt)$/;
/** Of less nothing is won: one packet is one packet. */
const SIZE_MIN = 1024;

/** As CODINGS in server/web/http/range.c. */
const PACKED: Record<string, (bytes: Buffer) => Buffer> = {
  '.br': (bytes) =>
    brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
  '.gz': (bytes) => gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }),
};

function writeBeside(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((each) => TEXTS.test(each))) {
    const file = join(folder, name);
    const bytes = readFileSync(file);
    if (bytes.length < SIZE_MIN) continue;
    for (const [suffix, pack] of Object.entries(PACKED)) {
      const small = pack(bytes);
      if (small.length < bytes.length) writeFileSync(`${file}${suffix}`, small);
    }
  }
}

/** A plugin of Vite's build. */
export function pack(): Plugin {
  let folder = 'dist';
  return {
    name: 'throughline:pack',
    apply: 'build',
    configResolved: (config) => {
      folder = join(config.root, config.build.outDir);
    },
    closeBundle: () => writeBeside(folder),
  };
}
