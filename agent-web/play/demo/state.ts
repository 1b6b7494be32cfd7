// var/demo.json: what the demo shop was made with, for simulate and the catch-all. Private: it holds the secrets.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { LineHook, PostmarkHook, Rfc822Hook, ShopifyHook, TwilioHook, WhatsAppHook } from '../providers.ts';
import type { Person } from './people.ts';

export interface DemoChannels {
  email: Rfc822Hook & { id: string; address: string };
  postmark: PostmarkHook & { id: string; address: string };
  chat: { id: string; identitySecret: string };
  phone: TwilioHook & { id: string; number: string };
  line: LineHook & { id: string };
  whatsapp: WhatsAppHook & { id: string };
  shop: ShopifyHook & { id: string };
  loyalty: { id: string };
  market: { id: string };
}

export interface DemoState {
  /** All of the demo shop is in the server. */
  complete: boolean;
  /** The moment the history ends at; fixed, so that an interrupted load goes on with the same history. */
  now: number;
  url: string;
  token: string;
  channels: Partial<DemoChannels>;
  /** The people whom simulate plays. */
  people: Person[];
  /** How many visitors have claimed an address in the chat: unlike the rest, a chat cannot be repeated without a trace. */
  claimed?: number;
}

export function readState(file: string): DemoState | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as DemoState) : undefined;
}

export function writeState(file: string, state: DemoState): void {
  writeFileSync(file + '.new', JSON.stringify(state, null, 2) + '\n', { mode: 0o600 });
  renameSync(file + '.new', file);
}
