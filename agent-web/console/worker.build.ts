// The service worker as a file of the build: /worker.js, with the names of all files of the same build in it.
import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';

export const WORKER = 'worker';

export function worker(): Plugin {
  return {
    name: 'throughline:worker',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const chunk = bundle[`${WORKER}.js`];
        if (chunk?.type !== 'chunk') throw new Error('the service worker was not built');
        const files = Object.keys(bundle)
          .filter((name) => name.startsWith('assets/') && !name.endsWith('.map'))
          .sort();
        const build = createHash('sha256').update(files.join('\n')).digest('hex').slice(0, 16);
        chunk.code = chunk.code.replace('__FILES__', files.join(' ')).replace('__BUILD__', build);
      },
    },
  };
}
