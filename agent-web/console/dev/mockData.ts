// A few people for the mock server.
import type { Agent, Channel, Conversation, Customer, Entry, Identity, Order, OrderFacts, Way } from '@throughline/protocol';
import { randomUUID } from 'node:crypto';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const iso = (agoMs: number) => new Date(Date.now() - agoMs).toISOString();

export const agents: Agent[] = (
  [
    ['Mika Sato', 'mika@example.com', 'admin'], ['Jonas Weber', 'jonas@example.com', 'agent'],
    ['Clara Díaz', 'clara@example.com', 'supervisor'], ['田中 葵', 'aoi@example.com', 'agent'],
  ] as const
).map(([name, email, role]) => ({ id: randomUUID(), email, name, role, language: 'en', active: true, created_at: iso(300 * DAY) }));

const channel = (type: string, medium: Channel['medium'], name: string, part: Partial<Channel> = {}): Channel => ({
  id: randomUUID(), type, medium, name, active: true, settings: {}, secrets_set: ['secret'], problem: null,
  webhook_url: `http://127.0.0.1:8080/in/${type}/${randomUUID()}`, created_at: iso(290 * DAY), last_event_at: iso(7 * MINUTE), failures: 0, ...part,
});

export const channels = [
  channel('postmark', 'email', 'help@nagi-living.example'), channel('chat', 'chat', 'Web shop chat'),
  channel('line', 'line', 'Nagi Living 公式'), channel('whatsapp', 'whatsapp', 'WhatsApp +49 30 5550'),
  channel('twilio', 'phone', 'Hotline', { failures: 2 }), channel('shopify', 'shop', 'Nagi Living shop'),
  channel('api', 'shop', 'Stores’ tills', { problem: 'No event for three days.' }),
];
const via = (medium: Channel['medium']) => channels.find((one) => one.medium === medium)!;

export interface MockPerson {
  customer: Customer;
  entries: Entry[];
  orders: Order[];
  ways: Way[];
  conversations: Conversation[];
}

type Line = [agoMs: number, medium: Entry['medium'], kind: Entry['kind'], direction: Entry['direction'], text: string, part?: Partial<Entry>];

const identity = (kind: Identity['kind'], value: string, proof: Identity['proof'], name: string): Identity => ({
  id: randomUUID(), kind, value, channel_id: null, name, proof, version: 0, first_at: iso(280 * DAY), last_at: iso(HOUR), last_in_at: iso(HOUR),
  points: null, tier: null, linked_at: iso(200 * DAY), rule: 'same_email', evidence: `order #1042 and a mail both say ${value}`,
});

let number = 1180;

export function person(name: string, language: string, zone: string, medium: Entry['medium'], lines: Line[], part: Partial<Customer> = {}, facts: OrderFacts[] = []): MockPerson {
  const id = randomUUID();
  const mail = identity('email', `${name.toLowerCase().normalize('NFKD').replace(/[^a-z]+/g, '.') || 'customer'}@example.net`, 'proven', name);
  const other = identity(medium === 'line' ? 'line' : medium === 'phone' || medium === 'whatsapp' ? 'phone' : 'visitor', medium === 'line' ? `U${randomUUID().replaceAll('-', '')}` : '+49 151 555 0142', 'claimed', name);
  const identities = [mail, other];
  const conversation: Conversation = {
    id: randomUUID(), number: ++number, customer_id: id, customer_name: name, status: 'open', assignee_id: null, priority: 'normal', subject: null, preview: null,
    last_medium: medium, last_direction: 'in', last_at: null, waiting_since: null, unread: 0, snoozed_until: null, resolved_at: null, created_at: iso(3 * DAY), version: 1,
  };
  const all = [...lines, ...facts.map((fact): Line => [Date.now() - Date.parse(fact.updated_at!), 'shop', 'order', 'in', '', { payload: { ...fact } }])];
  const entries = all.sort((a, b) => b[0] - a[0]).map(([ago, by, kind, direction, text, more]): Entry => {
    const under = by === 'email' || by === 'shop' ? mail : other;
    const author = direction === 'out' || kind === 'note' ? agents[1]! : null;
    return {
      id: randomUUID(), identity_id: under.id, version: ++under.version!, occurred_at: iso(ago), received_at: iso(ago - 2000), conversation_id: ago < 4 * DAY && kind !== 'visit' ? conversation.id : null,
      channel_id: via(by)?.id ?? null, medium: by, kind, direction, author_kind: author ? 'agent' : direction === 'internal' ? 'system' : 'customer', author_id: author?.id ?? null, author_name: author?.name ?? null,
      subject: null, text, html: null, payload: null, attachments: null, external_id: randomUUID(), delivery: direction === 'out' ? 'delivered' : 'none', delivery_error: null, journal_id: randomUUID(), ...more,
    };
  });
  const messages = entries.filter((entry) => entry.kind === 'message' || entry.kind === 'call');
  const last = messages.at(-1) ?? entries.at(-1)!;
  const waits = last.direction === 'in';
  Object.assign(conversation, {
    preview: last.text?.split('\n')[0] ?? '', last_medium: last.medium, last_direction: last.direction, last_at: last.occurred_at,
    waiting_since: waits ? last.occurred_at : null, unread: waits ? 1 : 0, subject: entries.findLast((entry) => entry.subject)?.subject ?? null,
  });
  return {
    customer: { id, name, language, time_zone: zone, company: null, about: null, created_at: iso(300 * DAY), first_at: entries[0]!.occurred_at, last_at: last.occurred_at, points: null, tier: null, identities, ...part },
    entries,
    orders: facts.map((fact) => ({ id: randomUUID(), channel_id: via('shop').id, identity_id: mail.id, number: fact.number, state: fact.state, place: fact.place ?? 'web', placed_at: fact.placed_at!, updated_at: fact.updated_at!, currency: fact.currency!, total: fact.total!, facts: fact })).reverse(),
    ways: [
      way(other.id, medium === 'shop' ? 'chat' : medium, name, true, medium !== 'phone'),
      way(mail.id, 'email', mail.value, medium === 'phone', true),
      { ...way(other.id, 'whatsapp', '+49 151 555 0142', false, false), reason: 'The last WhatsApp message is older than 24 hours. It opens again when the person writes.' },
    ],
    conversations: [conversation],
  };
}

const way = (identity_id: string, medium: Way['medium'], address: string, best: boolean, usable: boolean): Way => ({
  identity_id, channel_id: via(medium)?.id ?? channels[0]!.id, channel_name: via(medium)?.name ?? '', medium, address, usable, reason: usable ? null : 'Calls cannot be answered in writing.', window_until: medium === 'line' ? null : null,
  text_max: medium === 'line' ? 5000 : 0, text_unit: 'utf16', undo_ms: medium === 'chat' ? 0 : 10_000, has_subject: medium === 'email', has_attachments: medium !== 'line', best,
});

export const time = { MINUTE, HOUR, DAY, iso };
