// Makes the demo shop "Aoyama & Finch" once, through the HTTP API, as an integrator would: channels, a year of entries and
// orders, and the conversations that are open now. Can be run again after an interruption: what is known already stays.
//   THROUGHLINE_TOKEN=… node demo.ts --url http://127.0.0.1:8080 --out var/demo.json --catchall http://127.0.0.1:8025
//                                    --smtp smtp://127.0.0.1:2525
import { createHmac, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { httpCall, type Methods } from '@throughline/protocol';
import { makeDoubles, type Doubles, type Shared } from './demo/doubles.ts';
import { makeHistory, type History } from './demo/history.ts';
import type { Entry, Order } from './demo/record.ts';
import { ATTRIBUTES, profileOf, type Person } from './demo/people.ts';
import { readState, writeState, type DemoChannels, type DemoState } from './demo/state.ts';
import { claimInChat } from './demo/visitor.ts';
import { digits } from './providers.ts';

const BATCH = 200;
const CALLS_AT_ONCE = 8;
const SUPPORT = 'support@aoyama-finch.example';
const PHONE = '+442071838750';
const SHOP_PAGE = fileURLToPath(new URL('../widget/demo/channel.json', import.meta.url));

interface Context {
  state: DemoState;
  file: string;
  page: string;
  catchAll: string;
  smtp: string;
}

function call<M extends keyof Methods>(context: Context, method: M, params: Methods[M]['params']): Promise<Methods[M]['result']> {
  const { url, token } = context.state;
  return httpCall(method, params, { base: url, headers: { authorization: `Bearer ${token}` } });
}

function secret(): string {
  return randomBytes(16).toString('hex');
}

/** A channel of the demo shop: how it is made, and what of it simulate must know. */
interface Recipe<K extends keyof DemoChannels> {
  type: string;
  name: string;
  settings: (context: Context) => Record<string, unknown>;
  known: (made: { id: string; url: string; settings: Record<string, string> }) => DemoChannels[K];
}

const RECIPES: { [K in keyof DemoChannels]: Recipe<K> } = {
  email: {
    type: 'email',
    name: 'Support mail',
    settings: ({ smtp }) => ({ address: SUPPORT, display_name: 'Aoyama & Finch', smtp_url: smtp, token: secret() }),
    known: ({ id, url, settings }) => ({ id, url, token: settings['token'] ?? '', address: SUPPORT }),
  },
  postmark: {
    type: 'postmark',
    name: 'Orders mail (Postmark)',
    settings: ({ smtp }) => ({
      address: 'orders@aoyama-finch.example',
      display_name: 'Aoyama & Finch',
      smtp_url: smtp,
      user: 'postmark',
      password: secret(),
    }),
    known: ({ id, url, settings }) => ({
      id,
      url,
      user: settings['user'] ?? '',
      password: settings['password'] ?? '',
      address: 'orders@aoyama-finch.example',
    }),
  },
  chat: {
    type: 'chat',
    name: 'Web shop chat',
    settings: () => ({
      accent: '#2f6f4f',
      greeting: 'Tea or pots? Ask us anything.',
      away_text: 'We answer from nine to six, by email if you leave an address.',
    }),
    known: ({ id, settings }) => ({ id, identitySecret: settings['identity_secret'] ?? '' }),
  },
  phone: {
    type: 'twilio_voice',
    name: 'Support line',
    settings: () => ({ auth_token: secret() }),
    known: ({ id, url, settings }) => ({ id, url, authToken: settings['auth_token'] ?? '', number: PHONE }),
  },
  line: {
    type: 'line',
    name: 'LINE @aoyamafinch',
    settings: ({ catchAll }) => ({ channel_secret: secret(), access_token: secret(), api_url: `${catchAll}/line` }),
    known: ({ id, url, settings }) => ({ id, url, channelSecret: settings['channel_secret'] ?? '' }),
  },
  whatsapp: {
    type: 'whatsapp',
    name: 'WhatsApp +44 20 7183 8750',
    settings: ({ catchAll }) => ({
      app_secret: secret(),
      access_token: secret(),
      phone_number_id: digits(15),
      api_url: `${catchAll}/whatsapp`,
    }),
    known: ({ id, url, settings }) => ({
      id,
      url,
      appSecret: settings['app_secret'] ?? '',
      phoneNumberId: settings['phone_number_id'] ?? '',
      displayNumber: PHONE.slice(1),
    }),
  },
  shop: {
    type: 'shopify',
    name: 'Web shop',
    settings: () => ({ secret: secret(), country: 'GB' }),
    known: ({ id, url, settings }) => ({ id, url, secret: settings['secret'] ?? '' }),
  },
  loyalty: {
    type: 'api',
    name: 'Shops and loyalty',
    settings: () => ({ label: 'Tills of the shops' }),
    known: ({ id }) => ({ id }),
  },
  market: {
    type: 'api',
    name: 'Marketplace shop',
    settings: () => ({ label: 'Orders from the marketplace' }),
    known: ({ id }) => ({ id }),
  },
};

async function makeChannel<K extends keyof DemoChannels>(context: Context, key: K): Promise<void> {
  if (context.state.channels[key]) return;
  const recipe: Recipe<K> = RECIPES[key];
  const settings = recipe.settings(context);
  const saved = await call(context, 'channel.create', { type: recipe.type, name: recipe.name, settings });
  const channel = saved.channel;
  if (!channel) throw new Error(`channel.create gave no channel for ${recipe.name}`);
  context.state.channels[key] = recipe.known({
    id: channel.id,
    url: channel.webhook_url ?? '',
    settings: { ...(settings as Record<string, string>), ...saved.generated },
  });
  writeState(context.file, context.state);
  console.log(`channel ${recipe.name}`);
}

function batches<T>(list: T[]): T[][] {
  return Array.from({ length: Math.ceil(list.length / BATCH) }, (_, i) => list.slice(i * BATCH, (i + 1) * BATCH));
}

/** As long as a signature may be good; a real shop's is made for each page, for an hour. */
const SIGNED_FOR_S = 30 * 24 * 3600;

/** What the pages of the demo shop must know: their chat, and a customer who can log in there, as a shop's server signs it. */
function writeShopPage(file: string, { channels, people }: DemoState): void {
  const customer = people.find((person) => person.language === 'en');
  if (!channels.chat || !customer) return;
  const expires = Math.floor(Date.now() / 1000) + SIGNED_FOR_S;
  const signature = createHmac('sha256', channels.chat.identitySecret).update(`${channels.chat.id}:email:${expires}:${customer.email}`).digest('hex');
  const page = { channel: channels.chat.id, customer: { email: customer.email, name: customer.full, expires, signature } };
  writeFileSync(file, JSON.stringify(page, null, 2) + '\n');
}

async function putEntries(context: Context, entries: Entry[], history: 'yes' | 'no'): Promise<void> {
  const byChannel = Map.groupBy(entries, (entry) => entry.channel);
  for (const [name, list] of byChannel) {
    const channelId = context.state.channels[name]?.id;
    if (!channelId) throw new Error(`no channel ${name}`);
    let created = 0;
    for (const batch of batches(list)) {
      const params = batch.map(({ channel: _channel, ...entry }) => entry);
      const result = await call(context, 'entries.put', { channel_id: channelId, history, entries: params as Methods['entries.put']['params']['entries'] });
      nothingRefused(result);
      created += result.created ?? 0;
    }
    console.log(`${list.length} entries by ${name}, ${created} of them new`);
  }
}

function nothingRefused({ items }: Methods['entries.put']['result']): void {
  const refused = items.find((item) => item.error);
  if (refused) throw new Error(`${refused.external_id}: ${JSON.stringify(refused.error)}`);
}

async function putOrders(context: Context, orders: Order[], shop: 'shop' | 'market'): Promise<void> {
  const channelId = context.state.channels[shop]?.id;
  if (!channelId) throw new Error(`no channel ${shop}`);
  for (const batch of batches(orders))
    nothingRefused(await call(context, 'orders.put', { channel_id: channelId, orders: batch as Methods['orders.put']['params']['orders'] }));
  console.log(`${orders.length} states of orders by ${shop}`);
}

/** A few notes that every colleague should see first. */
async function pinNotes(context: Context, people: Person[]): Promise<void> {
  let pinned = 0;
  for (const person of people.filter(({ number }) => number % 9 === 2)) {
    const { entries } = await call(context, 'timeline.page', { customer_id: await personOf(context, person.email), kinds: ['note'], limit: 1 });
    if (!entries[0] || entries[0].pinned) continue;
    await call(context, 'entry.pin', { id: entries[0].id, pinned: true });
    pinned++;
  }
  console.log(`${pinned} pinned notes`);
}

/** Some of the open conversations have somebody who works on them; a few of last week's are done. */
async function shareWork(context: Context): Promise<void> {
  const { agents } = await call(context, 'agent.list', {});
  const { conversations } = await call(context, 'conversation.list', { view: 'open', limit: 200 });
  const open = (conversations ?? []).slice(0, 25);
  const staff = (agents ?? []).filter((agent) => agent.role === 'agent' || agent.role === 'admin');
  for (const [i, conversation] of open.entries()) {
    const agent = staff[i % staff.length];
    if (i % 5 < 2 && agent) await call(context, 'conversation.assign', { id: conversation.id, agent_id: agent.id });
    if (i % 9 === 4) await call(context, 'conversation.set_priority', { id: conversation.id, priority: 'high' });
  }
  for (const conversation of (conversations ?? []).slice(25)) await call(context, 'conversation.set_status', { id: conversation.id, status: 'resolved' });
  console.log(`${open.length} open conversations`);
}

/** Language, time zone and remarks, as agents would have noted them. */
async function noteProfiles(context: Context, people: Person[]): Promise<void> {
  for (const { key, label, type, ...more } of ATTRIBUTES)
    await call(context, 'attribute.put', { key, label, type, ...('choices' in more ? { choices: [...more.choices] } : {}) });
  let noted = 0;
  const note = async (person: Person): Promise<void> => {
    const { hits } = await call(context, 'customer.search', { query: person.email, limit: 1 });
    const found = hits?.[0];
    if (!found) throw new Error(`${person.full} is not found by ${person.email}`);
    await call(context, 'customer.update', { id: found.id, ...profileOf(person) });
    noted++;
  };
  for (let i = 0; i < people.length; i += CALLS_AT_ONCE) await Promise.all(people.slice(i, i + CALLS_AT_ONCE).map(note));
  console.log(`${noted} profiles`);
}

/** The person whom an identity belongs to. */
async function personOf(context: Context, value: string): Promise<string> {
  const { hits } = await call(context, 'customer.search', { query: value, limit: 1 });
  const id = hits?.[0]?.id;
  if (!id) throw new Error(`nobody is found by ${value}`);
  return id;
}

/** Duplicates worth a look, and what belongs to several. What was done already stays as it is. */
async function loadDoubles(context: Context, doubles: Doubles): Promise<void> {
  const { state } = context;
  await putOrders(context, doubles.market, 'market');
  await putEntries(context, doubles.entries, 'yes');
  state.claimed ??= 0;
  for (const claim of doubles.claims.slice(state.claimed)) {
    await claimInChat(state.url, state.channels.chat?.id ?? '', claim);
    state.claimed++;
    writeState(context.file, state);
  }
  await putEntries(context, doubles.late, 'no');
  for (const shared of doubles.shared) await share(context, shared);
  console.log(`${doubles.claims.length} claims in the chat, ${doubles.shared.length} shared identifiers`);
}

async function share(context: Context, { value, members, reason }: Shared): Promise<void> {
  const customer = await call(context, 'customer.get', { id: await personOf(context, value) });
  const identity = customer.identities.find((one) => one.value === value);
  if (!identity || identity.shared) return;
  const customer_ids = await Promise.all(members.map((member) => personOf(context, member.value)));
  await call(context, 'identity.share', { identity_id: identity.id, customer_ids, reason });
}

/** People for simulate: of each language, with as many ways of writing as can be had. */
function players(history: History): DemoState['people'] {
  const ways = (person: DemoState['people'][number]): number => [person.lineId, person.whatsAppId, person.visitor, person.card].filter(Boolean).length;
  const byLanguage = Map.groupBy(history.people, (person) => person.language);
  return [...byLanguage.values()].flatMap((people) => people.toSorted((a, b) => ways(b) - ways(a)).slice(0, 6));
}

async function load(context: Context): Promise<void> {
  const agents = (await call(context, 'agent.list', {})).agents ?? [];
  const history = makeHistory(
    context.state.now,
    agents.map(({ email, name }) => ({ email, name })),
  );
  context.state.people = players(history);
  for (const key of Object.keys(RECIPES) as (keyof DemoChannels)[]) await makeChannel(context, key);
  writeShopPage(context.page, context.state);
  await putOrders(context, history.orders, 'shop');
  await putEntries(context, history.entries, 'yes');
  await putEntries(context, history.open, 'no');
  await loadDoubles(context, makeDoubles(history.people, context.state.now));
  await noteProfiles(context, history.people);
  await pinNotes(context, history.people);
  await shareWork(context);
  context.state.complete = true;
  writeState(context.file, context.state);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      url: { type: 'string', default: 'http://127.0.0.1:8080' },
      out: { type: 'string', default: 'var/demo.json' },
      page: { type: 'string', default: SHOP_PAGE },
      catchall: { type: 'string', default: 'http://127.0.0.1:8025' },
      smtp: { type: 'string', default: 'smtp://127.0.0.1:2525' },
    },
  });
  const before = readState(values.out);
  if (before?.complete) {
    console.log('The demo shop is there already.');
    return;
  }
  const token = process.env['THROUGHLINE_TOKEN'];
  if (!token) throw new Error('THROUGHLINE_TOKEN is not set: make one with `throughline token add --name demo --role admin`.');
  const state: DemoState = { ...(before ?? { complete: false, now: Date.now(), channels: {}, people: [] }), url: values.url, token };
  writeState(values.out, state);
  await load({ state, file: values.out, page: values.page, catchAll: values.catchall, smtp: values.smtp });
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
