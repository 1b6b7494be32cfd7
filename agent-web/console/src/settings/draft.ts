// A form over something that others may change while one types.
import { useEffect, useState } from 'react';
import { CallError } from '@throughline/protocol';
import { t } from '../i18n/index.ts';
import { isVersionConflict } from '../lib/conflict.ts';
import { useAttempt } from '../lib/useAttempt.ts';
import { reasonOf } from '../ui/toasts.ts';

export type Values = Record<string, string>;

export interface Problem {
  field: string | null;
  text: string;
}

/** What was typed stays; where nothing was typed stands what is stored now. */
export function rebase<V extends Values>(before: V, typed: V, now: V): V {
  const changed = Object.entries(typed).filter(([name, value]) => value !== (before[name] ?? ''));
  return { ...now, ...Object.fromEntries(changed) };
}

const same = (before: Values, now: Values): boolean =>
  [...Object.keys(before), ...Object.keys(now)].every((name) => (before[name] ?? '') === (now[name] ?? ''));

/**
 * `stored` may change at any time, as others save; `save` sends what was typed on top of the version that is given to it, and
 * gives what is stored then. When somebody else was first, `reread` says what stands there now: it is shown where nothing
 * was typed, and the next save is on top of it.
 */
export function useDraft<T extends { version: number | null }, V extends Values>(
  stored: T | null,
  valuesOf: (stored: T | null) => V,
  save: (values: V, base: T | null) => Promise<T | null>,
  reread: (typed: V) => Promise<T | null>,
) {
  const [base, setBase] = useState(stored);
  const [values, setValues] = useState(() => valuesOf(stored));
  const [problem, setProblem] = useState<Problem | null>(null);
  const { busy, onSubmit } = useAttempt();
  const begin = (now: T | null, next: V) => {
    setBase(now);
    setValues(next);
  };
  const before = valuesOf(base);
  useEffect(() => {
    if (busy || (stored?.version ?? 0) <= (base?.version ?? 0)) return;
    const now = valuesOf(stored);
    // News that this form does not show are no quarrel with what is typed here.
    if (same(before, now) || same(before, values)) begin(stored, rebase(before, values, now));
  });

  const send = async (): Promise<void> => {
    setProblem(null);
    try {
      const now = await save(values, base);
      begin(now, valuesOf(now));
    } catch (error) {
      setProblem({ field: error instanceof CallError ? error.field : null, text: isVersionConflict(error) ? t('error.version') : reasonOf(error) });
      if (!isVersionConflict(error)) return;
      const now = await reread(values).catch(() => base);
      begin(now, rebase(before, values, valuesOf(now)));
    }
  };
  const set = (name: keyof V) => (value: string) => setValues((all) => ({ ...all, [name]: value }));
  const wrong = (field: string): string | null => (problem?.field === field ? problem.text : null);
  return { base, values, set, submit: onSubmit(send), busy, problem, wrong };
}
