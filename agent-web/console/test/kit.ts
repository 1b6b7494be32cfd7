// Records with everything that a test does not say.
import { mock } from 'node:test';
import type { Conversation, Entry, Order, Way } from '@throughline/protocol';
import { client } from '../src/connection/client.ts';

export const DAY = 86_400_000;

export const entry = (part: Partial<Entry> = {}): Entry => ({
  id: 'e',
  identity_id: 'i',
  version: 1,
  occurred_at: '2026-03-10T12:00:00.000Z',
  received_at: '2026-03-10T12:00:00.000Z',
  conversation_id: null,
  channel_id: null,
  medium: 'line',
  kind: 'message',
  direction: 'in',
  author_kind: 'customer',
  author_id: null,
  author_name: null,
  subject: null,
  text: 'words',
  html: null,
  payload: null,
  attachments: null,
  external_id: null,
  delivery: 'none',
  send_at: null,
  delivery_error: [],
  journal_id: null,
  moved_to: null,
  erased_at: null,
  moved_from: null,
  closed: false,
  pinned: false,
  ...part,
});

export const conversation = (part: Partial<Conversation> = {}): Conversation => ({
  id: 'c',
  number: 1,
  customer_id: 'p',
  customer_name: 'Paula',
  wait_order: 1,
  urgency_order: 1,
  status: 'open',
  assignee_id: null,
  priority: 'normal',
  subject: null,
  preview: null,
  preview_code: 'text',
  preview_n: 0,
  notice: 'none',
  last_medium: 'line',
  last_direction: 'in',
  last_at: '2026-03-10T12:00:00.000Z',
  waiting_since: null,
  planned_at: null,
  unread: 0,
  snoozed_until: null,
  resolved_at: null,
  created_at: '2026-03-10T12:00:00.000Z',
  tags: [],
  asked_on: [],
  version: 1,
  ...part,
});

export const way = (part: Partial<Way> = {}): Way => ({
  identity_id: 'i',
  channel_id: 'ch',
  channel_name: 'LINE',
  medium: 'line',
  address: null,
  usable: true,
  closed: null,
  reason: [],
  unproven: false,
  from: null,
  last_here_at: null,
  window_until: null,
  window_ms: 0,
  text_max: null,
  text_unit: 'utf16',
  undo_ms: 0,
  has_subject: false,
  copies_max: 0,
  senders: [],
  has_attachments: false,
  rich: 'none',
  files_max: null,
  file_bytes_max: null,
  files_bytes_max: null,
  files_text_max: null,
  best: false,
  ...part,
});

export const order = (number: string, placed_at: string, part: Partial<Order> = {}): Order => ({
  id: number,
  channel_id: 'shop',
  identity_id: 'i',
  number,
  state: 'placed',
  place: 'web',
  placed_at,
  updated_at: placed_at,
  currency: 'EUR',
  total: '10.00',
  facts: null,
  ...part,
});

/** The server answers so; what was asked is kept. */
export function answering(answers: Record<string, (params: Record<string, unknown>) => unknown>): { method: string; params: Record<string, unknown> }[] {
  const asked: { method: string; params: Record<string, unknown> }[] = [];
  mock.method(client, 'call', async (method: string, params: Record<string, unknown>) => {
    asked.push({ method, params });
    const answer = answers[method];
    if (!answer) throw new Error(`nobody answers ${method}`);
    return answer(params);
  });
  return asked;
}

/** As far as stores look at it. */
export const page = { visibilityState: 'visible', listeners: [] as (() => void)[] };

export function withPage(): void {
  Object.assign(globalThis, {
    document: {
      get visibilityState() {
        return page.visibilityState;
      },
      addEventListener: (_: string, listener: () => void) => page.listeners.push(listener),
      baseURI: 'http://desk.test/',
      documentElement: {},
    },
  });
}

export const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
