// localStorage that never throws: where it is blocked or full, what is kept lasts as long as the page.
export class Box {
  private readonly memory = new Map<string, string>();
  private readonly prefix: string;
  private readonly storage: () => Storage;

  constructor(prefix: string, storage: () => Storage = () => localStorage) {
    this.prefix = prefix;
    this.storage = storage;
  }

  get(key: string): string | null {
    const held = this.memory.get(key);
    if (held !== undefined) return held;
    try {
      return this.storage().getItem(this.prefix + key);
    } catch {
      return null;
    }
  }

  /** False: kept in memory only. */
  set(key: string, value: string): boolean {
    try {
      this.storage().setItem(this.prefix + key, value);
      this.memory.delete(key);
      return true;
    } catch {
      this.memory.set(key, value);
      return false;
    }
  }

  remove(key: string): void {
    this.memory.delete(key);
    try {
      this.storage().removeItem(this.prefix + key);
    } catch {
      // Blocked: there is nothing to remove.
    }
  }

  keys(): string[] {
    const found = new Set(this.memory.keys());
    try {
      const storage = this.storage();
      for (let i = 0; i < storage.length; i++) {
        const key = storage.key(i);
        if (key?.startsWith(this.prefix)) found.add(key.slice(this.prefix.length));
      }
    } catch {
      // Blocked: memory is all there is.
    }
    return [...found];
  }

  clear(): void {
    for (const key of this.keys()) this.remove(key);
  }

  read<T>(key: string): Partial<T> | null {
    try {
      const value: unknown = JSON.parse(this.get(key) ?? 'null');
      return value && typeof value === 'object' ? (value as Partial<T>) : null;
    } catch {
      return null;
    }
  }

  /** What another tab of this site has changed; null: everything. */
  onOther(changed: (key: string | null) => void): void {
    window.addEventListener('storage', (event) => {
      if (event.key === null) changed(null);
      else if (event.key.startsWith(this.prefix)) changed(event.key.slice(this.prefix.length));
    });
  }
}
