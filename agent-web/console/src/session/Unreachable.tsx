import { Unplug } from 'lucide-react';
import { useEffect } from 'react';
import { useT } from '../i18n/index.ts';
import { Button } from '../ui/Button.tsx';
import { Empty } from '../ui/Empty.tsx';
import { resume } from './session.ts';

const AGAIN_MS = 5000;

/** The page is here but its server is not: it goes on by itself as soon as that is back. */
export function Unreachable() {
  const t = useT();
  useEffect(() => {
    const timer = setInterval(() => void resume(), AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <main style={{ height: '100%' }}>
      <Empty icon={Unplug} title={t('unreachable.title')} text={t('unreachable.text')}>
        <Button onClick={() => void resume()}>{t('error.again')}</Button>
      </Empty>
    </main>
  );
}
