// A stand-in for the server while one works on the console: `npm run mock`, then `npm run dev`. Nothing is kept.
import { createServer } from 'node:http';
import { randomUUID } from 'node:crypto';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Entry, Methods } from '@throughline/protocol';
import { agents, channels, type MockPerson } from './mockData.ts';
import { people } from './mockPeople.ts';

const me = agents[0]!;
const port = Number(process.env.PORT ?? 8080);
const sockets = new Set<WebSocket>();
const byId = new Map(people.map((one) => [one.customer.id, one]));
const all = () => people.flatMap((one) => one.conversations).sort((a, b) => (a.last_at! < b.last_at! ? 1 : -1));
const of = (id: string): MockPerson => byId.get(id) ?? refuse('not_found', 'There is no such person.');
const conversation = (id: string) => all().find((row) => row.id === id) ?? refuse('not_found', 'There is no such conversation.');

function refuse(kind: string, message: string): never {
  throw { code: -32000, message, data: { kind } };
}

function push(method: string, params: unknown): void {
  for (const socket of sockets) socket.send(JSON.stringify({ jsonrpc: '2.0', method, params }));
}

function change(id: string, part: object) {
  const row = conversation(id);
  Object.assign(row, part, { version: row.version! + 1 });
  push('conversation', row);
  return row;
}

function add(customer_id: string, part: Partial<Entry>): Entry {
  const one = of(customer_id);
  const identity = one.customer.identities.find(({ id }) => id === part.identity_id) ?? one.customer.identities[0]!;
  const now = new Date().toISOString();
  const entry: Entry = { ...one.entries[0]!, id: randomUUID(), occurred_at: now, received_at: now, subject: null, html: null, payload: null, attachments: null, conversation_id: one.conversations[0]!.id, ...part, identity_id: identity.id, version: ++identity.version! };
  one.entries.push(entry);
  push('entry', { customer_id, entry });
  return entry;
}

function state(customer_id: string, entry: Entry, delivery: Entry['delivery'], after: number): void {
  setTimeout(() => {
    if (entry.delivery === 'cancelled') return;
    Object.assign(entry, { delivery, version: ++of(customer_id).customer.identities.find(({ id }) => id === entry.identity_id)!.version! });
    push('entry', { customer_id, entry });
  }, after);
}

type Run = { [M in keyof Methods]?: (params: Methods[M]['params']) => unknown };

const run: Run = {
  'session.login': ({ password }) => (password === 'wrong' ? refuse('unauthenticated', 'Wrong.') : { agent: me, version: '0.1.0' }),
  'session.me': () => ({ agent: me, version: '0.1.0' }),
  'session.logout': () => ({}),
  'conversation.list': ({ view, medium, before_id, limit }) => {
    const rows = all().filter((row) => (!medium || row.last_medium === medium)
      && (view === 'all' || (view === 'mine' ? row.assignee_id === me.id && row.status === 'open' : view === 'unassigned' ? !row.assignee_id && row.status === 'open' : row.status === view)));
    const from = before_id ? rows.findIndex((row) => row.id === before_id) + 1 : 0;
    return { conversations: rows.slice(from, from + (limit ?? 50)), more: rows.length > from + (limit ?? 50) };
  },
  'conversation.counts': () => {
    const open = all().filter((row) => row.status === 'open');
    return { mine: open.filter((row) => row.assignee_id === me.id).length, unassigned: open.filter((row) => !row.assignee_id).length, open: open.length, snoozed: all().filter((row) => row.status === 'snoozed').length };
  },
  'conversation.get': ({ id }) => conversation(id),
  'conversation.of_customer': ({ customer_id }) => ({ conversations: of(customer_id).conversations, more: false }),
  'conversation.assign': ({ id, agent_id }) => change(id, { assignee_id: agent_id ?? null }),
  'conversation.set_status': ({ id, status, until }) => change(id, { status, snoozed_until: until ?? null }),
  'conversation.mark_read': ({ id }) => change(id, { unread: 0 }),
  'timeline.watch': ({ customer_id, have, limit }) => {
    const { customer, entries } = of(customer_id);
    const known = new Map(have?.map((one) => [one.identity_id, one.version ?? 0]));
    const shown = have ? entries.filter((entry) => entry.version! > (known.get(entry.identity_id) ?? 0)) : entries.slice(-(limit ?? 50));
    return { customer, entries: shown.toReversed(), complete: true, more: shown.length < entries.length };
  },
  'timeline.unwatch': () => ({}),
  'timeline.presence': () => ({}),
  'timeline.page': ({ customer_id, before_id, limit }) => {
    const { entries } = of(customer_id);
    const end = entries.findIndex((entry) => entry.id === before_id);
    const from = Math.max(0, end - (limit ?? 50));
    return { entries: entries.slice(from, end).toReversed(), more: from > 0 };
  },
  'message.send': ({ customer_id, identity_id, channel_id, text, subject }) => {
    const { medium, undo_ms } = of(customer_id).ways.find((way) => way.channel_id === channel_id)!;
    const entry = add(customer_id, { identity_id, channel_id, medium, kind: 'message', direction: 'out', author_kind: 'agent', author_id: me.id, author_name: me.name, text, subject: subject ?? null, delivery: undo_ms ? 'queued' : 'delivered' });
    change(of(customer_id).conversations[0]!.id, { preview: text, last_direction: 'out', last_at: entry.occurred_at, last_medium: medium, waiting_since: null });
    if (undo_ms) state(customer_id, entry, text.includes('fail') ? 'failed' : 'sent', undo_ms);
    return entry;
  },
  'message.cancel': ({ id }) => {
    const one = people.find(({ entries }) => entries.some((entry) => entry.id === id))!;
    const entry = one.entries.find((other) => other.id === id)!;
    Object.assign(entry, { delivery: 'cancelled', version: ++one.customer.identities.find((other) => other.id === entry.identity_id)!.version! });
    return entry;
  },
  'note.add': ({ customer_id, text }) => add(customer_id, { kind: 'note', medium: 'none', direction: 'internal', author_kind: 'agent', author_id: me.id, author_name: me.name, text, delivery: 'none' }),
  'customer.get': ({ id }) => of(id).customer,
  'customer.update': ({ id, ...part }) => Object.assign(of(id).customer, part),
  'customer.search': ({ query }) => ({
    hits: people.filter(({ customer }) => customer.name!.toLowerCase().includes(query.toLowerCase())).map(({ customer }) => ({ id: customer.id, name: customer.name, matched: customer.identities[0]!.value, media: ['email'], last_at: customer.last_at })),
  }),
  'customer.reach': ({ customer_id }) => ({ ways: of(customer_id).ways }),
  'order.list': ({ customer_id }) => ({ orders: of(customer_id).orders }),
  'channel.list': () => ({ channels }),
  'agent.list': () => ({ agents }),
  'token.list': () => ({ tokens: [{ id: randomUUID(), name: 'Warehouse sync', role: 'admin', created_at: me.created_at, revoked_at: null }] }),
  'journal.list': () => ({ rows: [{ id: randomUUID(), channel_id: channels[4]!.id, received_at: me.created_at, status: 'failed', error: 'CallStatus is missing.', method: 'POST', query: null, headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'CallSid=CA1&From=%2B4930', body_size: 24, attempts: 1 }] }),
  'channel.types': () => ({
    types: [{ type: 'line', label: 'LINE', help: 'A LINE Official Account with the Messaging API.', medium: 'line', receives: true, sends: true, settings: [
      { name: 'channel_secret', kind: 'secret', required: true, generated: false, standard: null, label: 'Channel secret', help: 'LINE Developers, Basic settings' },
      { name: 'verify_token', kind: 'secret', required: false, generated: true, standard: null, label: 'Verify token', help: null },
      { name: 'base_url', kind: 'url', required: false, generated: false, standard: 'https://api.line.me', label: 'API address', help: null },
    ] }],
  }),
  'channel.create': ({ name }) => ({ channel: { ...channels[0]!, id: randomUUID(), name }, generated: { verify_token: randomUUID() } }),
};

function answer(method: string, params: unknown): { result: unknown } | { error: unknown } {
  try {
    const work = run[method as keyof Methods] as ((params: unknown) => unknown) | undefined;
    return { result: work ? work(params) : refuse('unknown_method', `The mock has no ${method}.`) };
  } catch (error) {
    return { error };
  }
}

const server = createServer((request, response) => {
  const method = request.url!.replace('/api/v1/', '').split('?')[0]!;
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const body = Buffer.concat(parts);
    const cookie = request.headers.cookie?.includes('mock=1');
    const file = { name: new URL(request.url!, 'http://mock').searchParams.get('name'), type: request.headers['content-type'], size: body.length, sha256: randomUUID(), cid: null, inline: false, url: '#' };
    const known = cookie || method === 'session.login';
    const said = method === 'attachments' ? { result: file } : known ? answer(method, body.length ? JSON.parse(body.toString()) : {}) : { error: { data: { kind: 'unauthenticated' } } };
    response.statusCode = 'error' in said ? 401 : 200;
    if (method === 'session.login' && 'result' in said) response.setHeader('Set-Cookie', 'mock=1; Path=/; HttpOnly');
    response.end(JSON.stringify('result' in said ? said.result : said));
  });
});

new WebSocketServer({ server, path: '/ws' }).on('connection', (socket) => {
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
  socket.on('message', (data) => {
    const { id, method, params } = JSON.parse(String(data)) as { id: number; method: string; params: unknown };
    socket.send(JSON.stringify({ jsonrpc: '2.0', id, ...answer(method, params) }));
  });
});

server.listen(port, '127.0.0.1', () => console.log(`The mock listens on http://127.0.0.1:${port}`));
