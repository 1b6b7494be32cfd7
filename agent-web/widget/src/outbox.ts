// What the visitor has written and the server has not acknowledged. Each message has a key of its own, so that tabs of one
// site never overwrite each other's; the client id makes a second sending harmless.
import { uuid, type Box } from '@throughline/protocol/browser';

export interface FileRef {
  sha256: string;
  /** The handle of what this visitor has brought and not sent yet. */
  upload?: string;
  name: string;
  type: string;
  size: number;
  /** Why nobody gets it: it was not checked for viruses yet, or has one. */
  keptBack?: string | null;
}

export interface Outgoing {
  id: string;
  text: string;
  files: FileRef[];
  /** Date.now() */
  writtenAt: number;
  /** Refused for good, with this reason. */
  error?: string;
}

const KEY = ':out:';

export class Outbox {
  private readonly box: Box;
  private lastAt = 0;

  constructor(box: Box) {
    this.box = box;
  }

  add(text: string, files: FileRef[]): Outgoing {
    this.lastAt = Math.max(Date.now(), this.lastAt + 1);
    const message: Outgoing = { id: uuid(), text, files, writtenAt: this.lastAt };
    this.box.set(KEY + message.id, JSON.stringify(message));
    return message;
  }

  /** Oldest first. */
  list(): Outgoing[] {
    return this.box
      .keys()
      .filter((key) => key.startsWith(KEY))
      .map((key) => this.box.read<Outgoing>(key))
      .filter((each): each is Outgoing => typeof each?.id === 'string' && typeof each.text === 'string')
      .sort((a, b) => a.writtenAt - b.writtenAt);
  }

  /** Refused, or with undefined to be tried again. */
  mark(id: string, error: string | undefined): void {
    const message = this.box.read<Outgoing>(KEY + id);
    if (message) this.box.set(KEY + id, JSON.stringify({ ...message, error }));
  }

  remove(id: string): void {
    this.box.remove(KEY + id);
  }

  static isKey(key: string): boolean {
    return key.startsWith(KEY);
  }
}
