// Tags and own attributes: lists and values whose shape only the server's settings know.
import type { Attribute, Conversation, Customer } from '@throughline/protocol';
import { useEffect } from 'react';
import { call, client } from '../connection/client.ts';
import { t } from '../i18n/index.ts';
import { locale, number } from '../lib/format.ts';
import { Store, useStore } from '../lib/store.ts';

export type Value = string | number | boolean;

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []);

export const tagsOf = ({ tags }: Customer | Conversation): string[] => texts(tags);

export function attributeOf({ attributes }: Customer, key: string): Value | null {
  const value = (attributes as Record<string, unknown> | null)?.[key];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

/** As people read it. */
export function shownValue({ type }: Pick<Attribute, 'type'>, value: Value | null): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return t(value ? 'ui.yes' : 'ui.no');
  if (typeof value === 'number') return number(value);
  if (type !== 'date' || Number.isNaN(Date.parse(value))) return value;
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(value));
}

/** A value from its text; an emptied field is one that is not known. */
export function valueOf({ type }: Pick<Attribute, 'type'>, text: string): Value | null {
  if (text === '') return null;
  if (type === 'number') return Number(text);
  return type === 'yes_no' ? text === 'true' : text;
}

export const attributes = new Store<readonly Attribute[] | null>(null);

export async function loadAttributes(): Promise<void> {
  attributes.set((await call('attribute.list', {})).attributes);
}

let loading: Promise<void> | null = null;

/** Those that are in use, as an administrator has defined them; asked for once, however many show them. */
export function useAttributes(): readonly Attribute[] {
  const all = useStore(attributes);
  useEffect(() => {
    if (all === null)
      loading ??= loadAttributes()
        .catch(() => undefined)
        .finally(() => (loading = null));
  }, [all]);
  return (all ?? []).filter((one) => !one.archived);
}

export function startAttributes(): void {
  const again = async () => {
    if (attributes.get()) await loadAttributes();
  };
  client.onOpen(again); // what was told while the connection was lost
  client.on('reload', ({ what }) => {
    if (what === 'attributes') again().catch(() => undefined);
  });
}

export async function knownTags(): Promise<string[]> {
  return (await call('tag.list', {})).tags.map(({ name }) => name);
}
