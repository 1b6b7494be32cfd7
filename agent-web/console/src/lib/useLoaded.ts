import { useCallback, useEffect, useEffectEvent, useState } from 'react';
import { onceLive } from '../connection/client.ts';
import { reasonOf } from '../ui/toasts.ts';

export interface Loaded<T> {
  value: T | null;
  error: string | null;
  /** It has answered, if only with nothing. */
  loaded: boolean;
  reload: () => void;
}

/** Reads once when shown, again when `reload` is called, when `key` says that it is something else, and, after it failed, when the connection is back. */
export function useLoaded<T>(read: () => Promise<T>, key = ''): Loaded<T> {
  const [state, setState] = useState<{ value: T | null; error: string | null }>({ value: null, error: null });
  const [settled, setSettled] = useState(false);
  const [turn, setTurn] = useState(0);
  const ask = useEffectEvent(read);
  useEffect(() => {
    let over = false;
    ask()
      .then((value) => over || setState({ value, error: null }))
      .catch((error: unknown) => over || setState((before) => ({ ...before, error: reasonOf(error) })))
      .finally(() => over || setSettled(true));
    return () => {
      over = true;
    };
  }, [key, turn]);
  const failed = state.error !== null;
  useEffect(() => (failed ? onceLive(() => setTurn((now) => now + 1)) : undefined), [failed]);
  return { ...state, loaded: state.value !== null || settled, reload: useCallback(() => setTurn((now) => now + 1), []) };
}
