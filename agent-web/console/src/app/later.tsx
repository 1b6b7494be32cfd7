// Parts that are no part of what is loaded before anything is seen. They come as soon as somebody is logged in, so that they
// are there, also without a connection, when a person is opened.
import { lazy } from 'react';
import { session } from '../session/session.ts';

const composer = () => import('../composer/Composer.tsx').then(({ Composer: one }) => ({ default: one }));
const panel = () => import('../person/Panel.tsx').then(({ Panel: one }) => ({ default: one }));
const help = () => import('../palette/Help.tsx').then(({ Help: one }) => ({ default: one }));

export const Composer = lazy(composer);
export const Panel = lazy(panel);
export const Help = lazy(help);

export function startLater(): void {
  session.subscribe(() => {
    if (session.get().phase !== 'in') return;
    for (const load of [composer, panel, help]) load().catch(() => undefined); // asked for again where it is shown
  });
}
