import type { Attachment } from '@throughline/protocol';

/** Nobody gets it: the virus scanner has not looked at it yet, or has found something. */
export const isKeptBack = ({ scan }: Partial<Pick<Attachment, 'scan'>>): boolean => scan === 'waiting' || scan === 'infected';
