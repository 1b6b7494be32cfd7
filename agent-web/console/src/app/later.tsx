import { Unplug } from 'lucide-react';
import { useEffect, useState, type ComponentType, type ReactNode } from 'react';
import { onceLive } from '../connection/client.ts';
import { useT } from '../i18n/index.ts';
import { Button } from '../ui/Button.tsx';
import { Empty } from '../ui/Empty.tsx';

/** Words come only when waiting is felt. */
const FELT_MS = 400;

/** `fetch`: before it is shown, so that it then is at once. */
export type Part<P> = ComponentType<P> & { fetch: () => Promise<void> };

type State = 'loading' | 'slow' | 'failed';

/**
 * A part of the console whose code is fetched when it is first shown. When it cannot be had, that is said in words, and it comes by itself
 * when the connection is back. `meanwhile`: what stands in its place when that is felt.
 */
export function later<P extends object>(load: () => Promise<{ default: ComponentType<P> }>, meanwhile?: (props: P) => ReactNode): Part<P> {
  let part: ComponentType<P> | null = null;
  const fetch = async () => void (part ??= (await load()).default);
  function Later(props: P) {
    const [state, setState] = useState<State>('loading');
    const [turn, setTurn] = useState(0);
    useEffect(() => {
      if (part) return;
      let over = false;
      const felt = setTimeout(() => over || setState((now) => (now === 'loading' ? 'slow' : now)), FELT_MS);
      fetch().then(
        () => over || setTurn((now) => now + 1),
        () => over || setState('failed'),
      );
      return () => {
        over = true;
        clearTimeout(felt);
      };
    }, [turn]);
    const again = () => {
      setState('loading');
      setTurn((now) => now + 1);
    };
    useEffect(() => (state === 'failed' ? onceLive(again) : undefined), [state]);
    if (part) {
      const Part = part;
      return <Part {...props} />;
    }
    if (state === 'loading') return null;
    return meanwhile ? meanwhile(props) : <Missing state={state} onAgain={again} />;
  }
  return Object.assign(Later, { fetch });
}

function Missing({ state, onAgain }: { state: State; onAgain: () => void }) {
  const t = useT();
  if (state === 'slow') return <p role="status">{t('part.slow')}</p>;
  return (
    <div role="alert">
      <Empty icon={Unplug} title={t('part.failed')} text={t('away.comes')}>
        <Button onClick={onAgain}>{t('error.again')}</Button>
      </Empty>
    </div>
  );
}
