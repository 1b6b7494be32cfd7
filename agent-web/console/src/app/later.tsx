// Parts that are no part of what is loaded before anything is seen. They come as soon as somebody is logged in, so that they
// are there, also without a connection, when a person is opened; then they are drawn at once.
import { lazy, useState, type ComponentType } from 'react';
import { session } from '../session/session.ts';

interface Part<P> {
  Part: ComponentType<P>;
  load: () => Promise<unknown>;
}

function part<P extends object>(fetch: () => Promise<ComponentType<P>>): Part<P> {
  let here: ComponentType<P> | null = null;
  const load = async () => ({ default: (here = await fetch()) });
  const Later = lazy(load) as unknown as ComponentType<P>;
  const Part = (props: P) => {
    const [Shown] = useState<ComponentType<P>>(() => here ?? Later);
    return <Shown {...props} />;
  };
  return { Part, load };
}

const composer = part(() => import('../composer/Composer.tsx').then((module) => module.Composer));
const panel = part(() => import('../person/Panel.tsx').then((module) => module.Panel));
const help = part(() => import('../palette/Help.tsx').then((module) => module.Help));

export const Composer = composer.Part;
export const Panel = panel.Part;
export const Help = help.Part;

export function startLater(): void {
  session.subscribe(() => {
    if (session.get().phase !== 'in') return;
    for (const { load } of [composer, panel, help]) load().catch(() => undefined); // asked for again where it is shown
  });
}
