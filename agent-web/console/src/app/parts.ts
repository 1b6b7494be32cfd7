// What is seen only behind the log-in is no part of what is loaded before it; it comes as soon as somebody is logged in, so that it is
// there, also without a connection, when a person or the palette is opened.
import { later } from './later.tsx';
import { session } from '../session/session.ts';

export const Composer = later(async () => ({ default: (await import('../composer/Composer.tsx')).Composer }));
export const Help = later(async () => ({ default: (await import('../palette/Help.tsx')).Help }));
export const MyDay = later(() => import('../day/MyDay.tsx'));
export const Panel = later(async () => ({ default: (await import('../person/Panel.tsx')).Panel }));
export const TimelinePane = later(async () => ({ default: (await import('../timeline/TimelinePane.tsx')).TimelinePane }));

export function startParts(): void {
  session.subscribe(() => {
    if (session.get().phase !== 'in') return;
    for (const part of [TimelinePane, Composer, Panel, MyDay, Help]) part.fetch().catch(() => undefined); // asked for again where it is shown
  });
}
