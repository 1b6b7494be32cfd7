import { CircleAlert } from 'lucide-react';
import { useT } from '../i18n/index.ts';
import { Button } from '../ui/Button.tsx';
import { Empty } from '../ui/Empty.tsx';

/** In place of a list that could not be read. */
export function Problem({ text, again }: { text: string; again: () => void }) {
  const t = useT();
  return (
    <Empty icon={CircleAlert} title={text}>
      <Button onClick={again}>{t('error.again')}</Button>
    </Empty>
  );
}
