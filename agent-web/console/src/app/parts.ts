// What is seen only behind the log-in is no part of what is loaded before it; it comes as soon as somebody is logged in, so that it is
// there, also without a connection, when a person or the palette is opened.
import { later } from './later.tsx';
import { session } from '../session/session.ts';

const loads = {
  composer: () => import('../composer/Composer.tsx').then(({ Composer }) => ({ default: Composer })),
  help: () => import('../palette/Help.tsx').then(({ Help }) => ({ default: Help })),
  palette: () => import('../palette/PaletteDialog.tsx').then(({ PaletteDialog }) => ({ default: PaletteDialog })),
  day: () => import('../day/MyDay.tsx'),
  panel: () => import('../person/Panel.tsx').then(({ Panel }) => ({ default: Panel })),
  timeline: () => import('../timeline/TimelinePane.tsx').then(({ TimelinePane }) => ({ default: TimelinePane })),
};

export const Composer = later(loads.composer);
export const Help = later(loads.help);
export const PaletteDialog = later(loads.palette);
export const MyDay = later(loads.day);
export const Panel = later(loads.panel);
export const TimelinePane = later(loads.timeline);

export function startParts(): void {
  session.subscribe(() => {
    if (session.get().phase !== 'in') return;
    for (const load of Object.values(loads)) load().catch(() => undefined); // asked for again where it is shown
  });
}
