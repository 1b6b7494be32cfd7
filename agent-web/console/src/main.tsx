import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './styles/tokens.css';
import './styles/base.css';
import './styles/reach.css';
import { App } from './app/App.tsx';
import { start } from './app/start.ts';

// Not awaited here: what is loaded later would have to wait for the end of this file, and is put into files of its own to be free of it.
void start().then(() =>
  createRoot(document.getElementById('root')!).render(
    <StrictMode>
      <App />
    </StrictMode>,
  ),
);
