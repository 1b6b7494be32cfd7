// Many stores of one kind by key, and not more of them than are of use.
import { Store } from './store.ts';

interface Options<T> {
  /** What is there before anything is known. */
  make: (key: string) => T;
  /** So many that nobody watches are kept. */
  most: number;
  changed?: (key: string, value: T) => void;
  dropped?: (value: T) => void;
}

export class Stores<T> {
  private readonly kept = new Map<string, Store<T>>();
  private readonly options: Options<T>;

  constructor(options: Options<T>) {
    this.options = options;
  }

  get size(): number {
    return this.kept.size;
  }

  /** Made when it is first asked for. While drawing too: nothing else changes by it, and nothing is dropped. */
  of(key: string): Store<T> {
    let store = this.kept.get(key);
    if (!store) {
      const { make, changed } = this.options;
      store = new Store(make(key), changed && ((value) => changed(key, value)));
      this.kept.set(key, store);
    }
    return store;
  }

  /** Not made: what is pushed about somebody whom nobody has opened is nobody's. */
  known(key: string): Store<T> | undefined {
    return this.kept.get(key);
  }

  /** It is in use now; then those go that were not for longest, and that nobody watches. Never while drawing. */
  use(key: string): Store<T> {
    const store = this.of(key);
    this.kept.delete(key);
    this.kept.set(key, store);
    for (const [other, unused] of this.kept) {
      if (this.kept.size <= this.options.most) break;
      if (other === key || unused.watched) continue;
      this.kept.delete(other);
      this.options.dropped?.(unused.get());
    }
    return store;
  }
}
