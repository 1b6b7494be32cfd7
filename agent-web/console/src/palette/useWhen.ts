import { useEffect, useState } from 'react';
import { locale } from '../lib/format.ts';
import { useNow } from '../lib/now.ts';
import { toastError } from '../ui/toasts.ts';

type Parser = typeof import('../lib/when.ts').parseWhen;

let loaded: Promise<Parser> | null = null;
const load = (): Promise<Parser> => (loaded ??= import('../lib/when.ts').then(({ parseWhen }) => parseWhen));

export interface When {
  at: Date;
  past: boolean;
}

/** The time that the words say. */
export function useWhen(words: string): When | null {
  const now = useNow();
  const [parse, setParse] = useState<{ when: Parser } | null>(null);
  const typed = words.trim() !== '';
  useEffect(() => {
    if (!typed) return;
    load()
      .then((when) => setParse({ when }))
      .catch((error: unknown) => {
        loaded = null;
        toastError(error);
      });
  }, [typed]);
  const at = parse && typed ? parse.when(words, new Date(now), locale()) : null;
  return at && { at, past: at.getTime() <= now };
}
