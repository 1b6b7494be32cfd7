import { useState, type FormEvent } from 'react';
import { reasonOf } from '../ui/toasts.ts';

/** What a form or a button sets off: one at a time, however often it is pressed, and in words why it failed. */
export function useAttempt() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const attempt = (work: () => Promise<void>): void => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    void work()
      .catch((error: unknown) => setProblem(reasonOf(error)))
      .finally(() => setBusy(false));
  };
  const onSubmit = (work: () => Promise<void>) => (event: FormEvent) => {
    event.preventDefault();
    attempt(work);
  };
  return { busy, problem, attempt, onSubmit };
}
