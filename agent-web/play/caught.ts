// What the catch-all has caught, and how the next sends shall fail.
import type { ServerResponse } from 'node:http';

const KEPT = 500;

/** The page names each of them: catchall.html. */
export const CAUGHT_CHANNELS = ['email', 'line', 'whatsapp', 'telegram', 'sms'] as const;
export type CaughtChannel = (typeof CAUGHT_CHANNELS)[number];

/** What a played provider answers; status 0: it hangs up. */
export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
  type?: string;
  /** Runs once the answer has been handed over. */
  afterwards?: () => void;
}

export interface CaughtFile {
  name: string;
  type: string;
  size: number;
  sha256: string;
  /** Email: its Content-ID, and whether it says that it is shown in the text. */
  cid?: string;
  inline?: boolean;
}

export interface Caught {
  id: number;
  at: string;
  channel: CaughtChannel;
  to: string;
  from?: string;
  subject?: string;
  text: string;
  html?: string;
  /** The id given to the sender: Message-ID, LINE message id, wamid. */
  external_id: string;
  /** Email: all headers, lower-case names, as written. */
  headers?: Record<string, string>;
  attachments: CaughtFile[];
  /** LINE: how it came, and its retry key. */
  how?: string;
  retry_key?: string;
  /** What the provider stand-in was sent, for tests. */
  body?: unknown;
}

/** How the next sends on a channel shall fail. */
export interface Mode {
  channel: CaughtChannel;
  /** HTTP status, or SMTP code for email. 0: read the request and hang up without an answer. */
  status: number;
  retry_after?: number;
  /** How many times; default 1. */
  times?: number;
  /** The JSON body, or SMTP text, of the refusal. */
  body?: unknown;
  /** Accept the message, keep it, and fail all the same: "the answer got lost". */
  keep?: boolean;
}

export class Hub {
  /** Names this run: ids count from 1 in each. */
  readonly run = globalThis.crypto.randomUUID();
  readonly messages: Caught[] = [];
  readonly modes = new Map<CaughtChannel, Required<Pick<Mode, 'times'>> & Mode>();
  readonly listeners = new Set<ServerResponse>();
  private lastId = 0;

  add(message: Omit<Caught, 'id' | 'at'>): Caught {
    const caught = { id: ++this.lastId, at: new Date().toISOString(), ...message };
    this.messages.push(caught);
    if (this.messages.length > KEPT) this.messages.shift();
    for (const listener of this.listeners) listener.write(`data: ${JSON.stringify(caught)}\n\n`);
    return caught;
  }

  setMode(mode: Mode): void {
    const times = mode.times ?? 1;
    if (times <= 0) this.modes.delete(mode.channel);
    else this.modes.set(mode.channel, { ...mode, times });
  }

  /** The failure that this send shall meet, if any; counts it. */
  takeMode(channel: CaughtChannel): Mode | undefined {
    const mode = this.modes.get(channel);
    if (!mode) return undefined;
    if (--mode.times <= 0) this.modes.delete(channel);
    return mode;
  }
}
