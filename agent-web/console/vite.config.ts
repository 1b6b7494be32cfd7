import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { pack } from '../pack.ts';

// `npm run dev` shows the sources against a running server: ./dev run, or another by THROUGHLINE_URL.
const server = process.env.THROUGHLINE_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  base: './',
  plugins: [react(), pack()],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
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
