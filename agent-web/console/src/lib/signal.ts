/** So long a part that is on its way is waited for. */
const WAIT_MS = 5_000;

/** Asks a part of the screen to do something now, like taking the focus; one that `waits`, also a part that is not there yet. */
export class Signal<T = void> {
  private readonly listeners = new Set<(value: T) => void>();
  private readonly waits: boolean;
  private unheard: { value: T; at: number } | null = null;

  constructor(waits = false) {
    this.waits = waits;
  }

  emit(value: T): void {
    if (this.waits && this.listeners.size === 0) this.unheard = { value, at: Date.now() };
    for (const listener of [...this.listeners]) listener(value);
  }

  on(listener: (value: T) => void): () => void {
    this.listeners.add(listener);
    const { unheard } = this;
    this.unheard = null;
    if (unheard && Date.now() - unheard.at < WAIT_MS) listener(unheard.value);
    return () => this.listeners.delete(listener);
  }
}
