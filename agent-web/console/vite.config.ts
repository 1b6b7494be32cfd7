import react from '@vitejs/plugin-react';
import pxtorem from 'postcss-pxtorem';
import { defineConfig } from 'vite';
import { pack } from '../pack.ts';
import { WORKER, worker } from './worker.build.ts';

// `npm run dev` shows the sources against a running server: ./dev run, or another by THROUGHLINE_URL.
const server = process.env.THROUGHLINE_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  base: './',
  plugins: [react(), worker(), pack()],
  // All sizes are written as pixels of a text of 16, and follow the size that the browser's text has; hair lines, rings and shadows stay as they are.
  css: { postcss: { plugins: [pxtorem({ propList: ['*', '!border*', '!outline*', '!box-shadow', '!--shadow'], minPixelValue: 3, mediaQuery: true })] } },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      input: { index: 'index.html', [WORKER]: 'src/worker/main.ts' },
      output: { entryFileNames: ({ name }) => (name === WORKER ? '[name].js' : 'assets/[name]-[hash].js') },
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/api': server,
      '/attachments': server,
      '/ws': { target: server.replace(/^http/, 'ws'), ws: true },
    },
  },
});
