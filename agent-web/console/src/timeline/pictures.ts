// Pictures among files: small copies of them, which the server makes, and the viewer.
import type { Attachment } from '@throughline/protocol';
import { openDialog } from '../app/dialogs.ts';
import { isKeptBack } from './keptBack.ts';

/** Of which the server makes small copies; whether it can it says when it is asked. */
const PICTURE = /^image\/(png|jpeg|pjpeg|gif|webp|avif|heic|heif)$/;

/** A small copy that the browser shows, whatever the picture is: upright, without what a camera writes into it. */
export const smallCopy = (url: string, size: 'small' | 'large'): string => `${url}?size=${size}`;

/** What was too large for the virus scanner is only saved. */
export const isPicture = (file: Attachment): boolean => PICTURE.test(file.type) && file.url !== null && !isKeptBack(file) && file.scan !== 'too_large';

export function openPicture(files: readonly Attachment[], file: Attachment): void {
  const pictures = files.filter(isPicture);
  openDialog({ type: 'picture', pictures, at: Math.max(0, pictures.indexOf(file)) });
}
