// What console and widget both need of a page.
export * from './box.ts';
export * from './initials.ts';
export * from './linkify.ts';
export * from './rich.ts';
export * from './uuid.ts';
