// What is put into the timeline, as the API takes it, and who stands behind it.
import type { Person } from './people.ts';

export type ChannelName = 'email' | 'chat' | 'phone' | 'line' | 'whatsapp' | 'shop' | 'loyalty';

export interface Identity {
  kind: string;
  value: string;
  name?: string;
}

/** As entries.put takes it, with the channel it goes by. */
export interface Entry {
  channel: ChannelName;
  identity: Identity;
  also: Identity[];
  kind: string;
  direction: 'in' | 'out' | 'internal';
  occurred_at: string;
  external_id: string;
  author_name?: string;
  author_email?: string;
  subject?: string;
  text?: string;
  html?: string;
  payload?: Record<string, unknown>;
}

/** As orders.put takes it. */
export interface Order {
  identities: Identity[];
  order: OrderFacts;
}

export interface OrderFacts {
  external_id: string;
  number: string;
  state: string;
  place: string;
  store?: string;
  placed_at: string;
  updated_at: string;
  currency: string;
  total: string;
  items: { sku: string; name: string; quantity: number; price: string }[];
  tracking: { carrier: string; number: string; url: string }[];
  note?: string;
}

/** By which identity one writes there. */
export const IDENTITY_OF_CHANNEL: Record<ChannelName, string> = {
  email: 'email',
  chat: 'visitor',
  phone: 'phone',
  line: 'line',
  whatsapp: 'whatsapp',
  shop: 'shop_customer',
  loyalty: 'loyalty_card',
};

export function identityOf(person: Person, kind: string): Identity {
  const values: Record<string, string | undefined> = {
    email: person.email,
    phone: person.phone,
    visitor: person.visitor,
    line: person.lineId,
    whatsapp: person.whatsAppId,
    shop_customer: person.shopCustomer,
    loyalty_card: person.card,
  };
  const value = values[kind];
  if (!value) throw new Error(`${person.full} has no ${kind}`);
  return { kind, value, name: person.full };
}
