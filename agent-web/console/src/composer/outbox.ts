// What was sent here and the server has not confirmed; it outlives reload and crash. Each lies under a key of its own, so
// that tabs do not overwrite each other's; and under the agent's, so that nobody sends what somebody else has written.
import type { Standing } from '../actions/conversation.ts';
import type { nextAfter } from '../queue/next.ts';
import type { Upload, Way } from '@throughline/protocol';
import { parseStored, storedKeys, writeStored } from '../lib/storage.ts';

export interface Pending {
  /** Makes a second sending harmless. */
  clientId: string;
  customerId: string;
  kind: 'message' | 'note';
  way: Way | null;
  subject: string | null;
  /** By mail: what it answers, and who has it besides. */
  answers: string | null;
  cc: readonly string[];
  bcc: readonly string[];
  /** Which of our addresses it goes from; absent: the channel has one. */
  from?: string;
  text: string;
  /** The text is Markdown; how it reads without marks. */
  plain?: string;
  /** It begins a conversation. */
  fresh: boolean;
  files: readonly Upload[];
  /** For when it is planned; absent: it goes at once. */
  sendAt?: string;
  /** Where the conversation shall stand when it is sent; null: as it does. */
  after: Standing | null;
  /** Where to, then: what stood below it when it was sent, which brings it to the top. */
  next: ReturnType<typeof nextAfter>;
  at: number;
  /** Why it is not with the server; null: still trying. */
  error: string | null;
}

const keyOf = (agentId: string, clientId: string): string => `out.${agentId}.${clientId}`;

const isPending = (one: Partial<Pending> | null): one is Pending =>
  typeof one?.clientId === 'string' &&
  typeof one.customerId === 'string' &&
  typeof one.text === 'string' &&
  (one.error === null || typeof one.error === 'string') &&
  Array.isArray(one.files) &&
  one.files.every((file: Upload | null) => typeof file?.upload === 'string');

/** Oldest first. */
export const keptOf = (agentId: string): Pending[] =>
  storedKeys(keyOf(agentId, ''))
    .map((key) => parseStored(key) as Partial<Pending> | null)
    .filter(isPending)
    .sort((a, b) => a.at - b.at);

export const keep = (agentId: string, one: Pending): void => writeStored(keyOf(agentId, one.clientId), JSON.stringify(one));
export const forget = (agentId: string, clientId: string): void => writeStored(keyOf(agentId, clientId), null);
