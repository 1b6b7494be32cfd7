// Icons of networks that lucide has none for, drawn in its manner.
import { createLucideIcon } from 'lucide-react';

const BUBBLE = 'M12 3.5c5 0 9 3.2 9 7.2 0 3.8-3.7 6.8-9 9.8v-2.7c-5.1-.1-9-3.2-9-7.1 0-4 4-7.2 9-7.2z';

export const LineGlyph = createLucideIcon('line', [
  ['path', { d: BUBBLE, key: 'bubble' }],
  ['path', { d: 'M10 7.5v6h4', key: 'l' }],
]);

export const WhatsAppGlyph = createLucideIcon('whatsapp', [
  ['path', { d: 'M3.5 20.5l1.3-4.4a8.6 8.6 0 1 1 3.2 3.1z', key: 'bubble' }],
  ['path', { d: 'M9 8.5c0 3.8 2.7 6.5 6.5 6.5l.5-1.7-2-1-1 .8a5 5 0 0 1-2.1-2.1l.8-1-1-2z', key: 'handset' }],
]);

export const MessengerGlyph = createLucideIcon('messenger', [
  ['path', { d: BUBBLE, key: 'bubble' }],
  ['path', { d: 'M7.5 12.5l3-3 2.8 2.3 3.2-3', key: 'bolt' }],
]);

export const InstagramGlyph = createLucideIcon('instagram', [
  ['rect', { x: 3, y: 3, width: 18, height: 18, rx: 5, key: 'frame' }],
  ['circle', { cx: 12, cy: 12, r: 4, key: 'lens' }],
  ['path', { d: 'M17 7h.01', key: 'dot' }],
]);
