// What a channel takes of files; the server says it with each way, and it is told before anything is sent.
import { MESSAGE_FILES_MAX, UPLOAD_BYTES_MAX, type Upload, type Way } from '@throughline/protocol';
import { t } from '../i18n/index.ts';
import { bytes, number } from '../lib/format.ts';

type Limited = Pick<Way, 'files_max' | 'file_bytes_max' | 'files_bytes_max' | 'has_subject'>;
interface Sized {
  name: string;
  size: number;
}

/** Of a note, which goes nowhere. */
const NOTE: Limited = { files_max: MESSAGE_FILES_MAX, file_bytes_max: UPLOAD_BYTES_MAX, files_bytes_max: null, has_subject: false };

export const limitsOf = (way: Way | null): Limited => way ?? NOTE;

/** So long may the words be, beside files or alone; 0: as long as one likes. */
export const longestText = (way: Way | null, withFiles: boolean): number => (withFiles && way?.files_text_max) || (way?.text_max ?? 0);

const sum = (files: readonly Sized[]): number => files.reduce((total, { size }) => total + size, 0);
const sizes = (files: readonly Upload[]): Sized[] => files.map(({ name, size }) => ({ name: name ?? t('file.unnamed'), size: size ?? 0 }));
/** In base64, in lines of 76 letters (RFC 2045 §6.8). */
const asMailed = (size: number): string => bytes(Math.ceil(size / 57) * 78);

/** Why these cannot all go by it, and which is too much; null: they can. Mail says as well what becomes of them on their way. */
export function tooMuch({ files_max, file_bytes_max, files_bytes_max, has_subject }: Limited, files: readonly Sized[]): string | null {
  if (files_max !== null && files.length > files_max) return t('files.too_many', { n: number(files_max) });
  const [largest] = files.toSorted((a, b) => b.size - a.size);
  if (!largest) return null;
  const { name, size } = largest;
  const told = (most: number, all: number) => ({ name, size: bytes(most), is: bytes(all), most_mailed: asMailed(most), mailed: asMailed(all) });
  if (file_bytes_max !== null && size > file_bytes_max) return t(has_subject ? 'files.one_too_large_mail' : 'files.one_too_large', told(file_bytes_max, size));
  if (files_bytes_max === null || sum(files) <= files_bytes_max) return null;
  return t(has_subject ? 'files.too_large_mail' : 'files.too_large', told(files_bytes_max, sum(files)));
}

export const filesTooMuch = (limits: Limited, files: readonly Upload[]): string | null => tooMuch(limits, sizes(files));

/** Why one more cannot go with them. */
export const refusal = (limits: Limited, files: readonly Upload[], rising: readonly Sized[], file: File): string | null =>
  file.size === 0 ? t('files.empty') : tooMuch(limits, [...sizes(files), ...rising, file]);

/** For the button: "up to 20 files, 18 MB together". */
export const limitWords = ({ files_max, file_bytes_max, files_bytes_max }: Limited): string =>
  t('files.limits', { n: number(files_max ?? 0), size: bytes(files_bytes_max ?? file_bytes_max ?? 0) });
