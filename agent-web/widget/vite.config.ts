import { defineConfig } from 'vite';
import { gzip } from '../gzip.ts';

// One classic script that stands alone: no module, no chunk, no style sheet beside it.
export default defineConfig({
  plugins: [gzip()],
  build: {
    target: 'es2022',
    cssTarget: ['chrome105', 'firefox121', 'safari15.4'],
    emptyOutDir: true,
    reportCompressedSize: true,
    lib: { entry: 'src/main.ts', formats: ['iife'], name: 'throughlineWidget', fileName: () => 'widget.js' },
  },
});
