import { defineConfig } from 'vite';
import { pack } from '../pack.ts';

// One classic script that stands alone: no module, no chunk, no style sheet beside it.
export default defineConfig({
  plugins: [pack()],
  build: {
    target: 'es2022',
    cssTarget: ['chrome105', 'firefox121', 'safari15.4'],
    emptyOutDir: true,
    reportCompressedSize: true,
    lib: { entry: 'src/main.ts', formats: ['iife'], name: 'throughlineWidget', fileName: () => 'widget.js' },
  },
});
