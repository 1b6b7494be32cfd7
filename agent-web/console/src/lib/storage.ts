// localStorage may be full or forbidden: then what it would keep lasts as long as the page.
const fallback = new Map<string, string>();
const PREFIX = 'throughline.';

export function readStored(key: string): string | null {
  try {
    return localStorage.getItem(PREFIX + key) ?? fallback.get(key) ?? null;
  } catch {
    return fallback.get(key) ?? null;
  }
}

export function writeStored(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(PREFIX + key);
    else localStorage.setItem(PREFIX + key, value);
    fallback.delete(key);
  } catch {
    if (value === null) fallback.delete(key);
    else fallback.set(key, value);
  }
}

export function storedKeys(prefix: string): string[] {
  const found = new Set([...fallback.keys()].filter((key) => key.startsWith(prefix)));
  try {
    for (let i = 0; i < localStorage.length; i++) {
      const key = localStorage.key(i) ?? '';
      if (key.startsWith(PREFIX + prefix)) found.add(key.slice(PREFIX.length));
    }
  } catch {
    // Forbidden: what there is, is in the page.
  }
  return [...found];
}
