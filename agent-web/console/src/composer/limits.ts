// What a channel takes of files; the server says it with each way, and it is told before anything is sent.
import { MESSAGE_FILES_MAX, UPLOAD_BYTES_MAX, type Upload, type Way } from '@throughline/protocol';
import { t } from '../i18n/index.ts';
import { bytes, number } from '../lib/format.ts';

type Limited = Pick<Way, 'files_max' | 'file_bytes_max' | 'files_bytes_max'>;

/** Of a note, which goes nowhere. */
const NOTE: Limited = { files_max: MESSAGE_FILES_MAX, file_bytes_max: UPLOAD_BYTES_MAX, files_bytes_max: null };

export const limitsOf = (way: Way | null): Limited => way ?? NOTE;

const sum = (files: readonly { size: number }[]): number => files.reduce((total, { size }) => total + size, 0);
const sizes = (files: readonly Upload[]): { size: number }[] => files.map(({ size }) => ({ size: size ?? 0 }));

/** Why these cannot all go by it; null: they can. */
export function tooMuch({ files_max, file_bytes_max, files_bytes_max }: Limited, files: readonly { size: number }[]): string | null {
  if (files_max !== null && files.length > files_max) return t('files.too_many', { n: number(files_max) });
  if (file_bytes_max !== null && files.some(({ size }) => size > file_bytes_max)) return t('files.one_too_large', { size: bytes(file_bytes_max) });
  return files_bytes_max !== null && sum(files) > files_bytes_max ? t('files.too_large', { size: bytes(files_bytes_max) }) : null;
}

export const filesTooMuch = (limits: Limited, files: readonly Upload[]): string | null => tooMuch(limits, sizes(files));

/** Why one more cannot go with them. */
export const refusal = (limits: Limited, files: readonly Upload[], rising: readonly { size: number }[], file: File): string | null =>
  file.size === 0 ? t('files.empty') : tooMuch(limits, [...sizes(files), ...rising, file]);

/** For the button: "up to 20 files, 18 MB together". */
export const limitWords = ({ files_max, file_bytes_max, files_bytes_max }: Limited): string =>
  t('files.limits', { n: number(files_max ?? 0), size: bytes(files_bytes_max ?? file_bytes_max ?? 0) });
