// What the server says, in the reader's words: codes with parameters, and the words of the API.
import { IDENTITY_KINDS, type Said } from '@throughline/protocol';
import { isKey, t } from './index.ts';

/** A word that has no text here is of a later server: it stands for itself. */
function wordOf(keys: string[], word: string): string {
  const key = keys.find(isKey);
  return key ? t(key) : word;
}

export const channelType = (type: string): string => wordOf([`channel.${type}`], type);
export const channelTypeHelp = (type: string): string => wordOf([`channel.${type}.help`], '');
/** Settings that several types have in common are worded once. */
export const settingName = (type: string, name: string): string => wordOf([`setting.${type}.${name}`, `setting.${name}`], name);
export const settingHelp = (type: string, name: string): string => wordOf([`setting.${type}.${name}.help`, `setting.${name}.help`], '');
export const settingChoice = (word: string): string => wordOf([`choice.${word}`], word);

/** What was found of the sender of a mail: the sum, and what one method says (RFC 8601). */
export const authWord = (word: string): string => wordOf([`auth.${word}`], word);
export const checkWord = (word: string): string => wordOf([`check.${word}`], word);

type Params = Said['params'];

/** Parameters that are words of the API. */
const WORDS: Record<string, (value: string, params: Params) => string> = {
  type: channelType,
  setting: (name, { type }) => settingName(String(type), name),
  field: (path) => wordOf([`field.${path.split('.').pop()}`], path),
  role: (role) => wordOf([`role.${role}`], role),
  entry: (kind) => wordOf([`kind.${kind}`], kind),
  kind: (kind) => (Object.hasOwn(IDENTITY_KINDS, kind) ? t(IDENTITY_KINDS[kind as keyof typeof IDENTITY_KINDS].label) : kind),
};

const inWords = (params: Params): Params =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, WORDS[name]?.(String(value), params) ?? value]));

/** Null: this code has no words. */
export function saidWords({ code, params }: Said): string | null {
  const key = `said.${code}`;
  return isKey(key) ? t(key, inWords(params)) : null;
}

/** Sayings; null: it is something else, such as what a program has put long ago. */
export function sayingsIn(value: unknown): Said[] | null {
  const fine =
    Array.isArray(value) && value.every((one: Partial<Said> | null) => typeof one?.code === 'string' && typeof one.params === 'object' && one.params);
  return fine ? (value as Said[]) : null;
}

export const saidAll = (said: readonly Said[]): string => said.map((one) => saidWords(one) ?? one.code).join(' · ');
