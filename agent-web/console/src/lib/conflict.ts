import { CallError } from '@throughline/protocol';

/** Somebody else was first: what was sent is on top of a version that is no more. */
export const isVersionConflict = (error: unknown): boolean => error instanceof CallError && error.kind === 'conflict' && error.field === 'version';
