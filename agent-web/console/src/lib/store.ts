// State lives in a few plain stores; a component reads the part it draws.
import { useSyncExternalStore } from 'react';

export class Store<T> {
  private value: T;
  private readonly changed: ((value: T) => void) | undefined;
  private readonly listeners = new Set<() => void>();

  /** `changed` is told first, and does not count as somebody who watches. */
  constructor(initial: T, changed?: (value: T) => void) {
    this.value = initial;
    this.changed = changed;
  }

  /** Somebody listens, as what is on the screen does. */
  get watched(): boolean {
    return this.listeners.size > 0;
  }

  get = (): T => this.value;

  set = (next: T | ((before: T) => T)): void => {
    const value = typeof next === 'function' ? (next as (before: T) => T)(this.value) : next;
    if (Object.is(value, this.value)) return;
    this.value = value;
    this.changed?.(value);
    for (const listener of [...this.listeners]) listener();
  };

  patch = (part: Partial<T>): void => this.set((before) => ({ ...before, ...part }));

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}

/** `select` must give the same object as long as nothing it reads has changed. */
export function useStore<T, S = T>(store: Store<T>, select: (value: T) => S = (value) => value as unknown as S): S {
  return useSyncExternalStore(store.subscribe, () => select(store.get()));
}
