// The composer is no part of what is loaded before anything is seen; it comes as soon as somebody is logged in, so that it is
// there, also without a connection, when a person is opened.
import { later } from '../app/later.tsx';
import { session } from '../session/session.ts';

const load = () => import('./Composer.tsx').then(({ Composer: one }) => ({ default: one }));

export const Composer = later(load);

export function startComposer(): void {
  session.subscribe(() => {
    if (session.get().phase === 'in') load().catch(() => undefined); // asked for again where it is shown
  });
}
