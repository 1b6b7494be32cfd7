// What the console keeps in the browser.
import { Box } from '@throughline/protocol/browser';

const box = new Box('throughline.');

export const readStored = (key: string): string | null => box.get(key);

/** What was kept as JSON, perhaps by another version; null: nothing that can be read. */
export function parseStored(key: string): unknown {
  try {
    return JSON.parse(readStored(key) ?? 'null');
  } catch {
    return null;
  }
}

/** null: it is gone. */
export function writeStored(key: string, value: string | null): void {
  if (value === null) box.remove(key);
  else box.set(key, value);
}

export const storedKeys = (prefix: string): string[] => box.keys().filter((key) => key.startsWith(prefix));
