import { CircleCheckBig, FilterX, Inbox as InboxIcon } from 'lucide-react';
import { goInbox, hrefOf, type Inbox } from '../app/route.ts';
import { useT } from '../i18n/index.ts';
import { useDirectory } from '../directory/directory.ts';
import { Button } from '../ui/Button.tsx';
import { Empty } from '../ui/Empty.tsx';
import { mediumName } from '../ui/medium.ts';

export function QueueEmpty({ route }: { route: Inbox }) {
  const t = useT();
  const { channels } = useDirectory();
  if (route.medium)
    return (
      <Empty icon={FilterX} title={t('queue.empty_filter', { channel: mediumName(route.medium) })}>
        <Button small onClick={() => goInbox({ medium: null })}>
          {t('queue.any_channel')}
        </Button>
      </Empty>
    );
  if (channels.length === 0)
    return (
      <Empty icon={InboxIcon} title={t('queue.empty_new')} text={t('queue.empty_new_text')}>
        <a href={hrefOf({ page: 'settings', section: 'channels', rest: [] })}>{t('queue.connect')}</a>
      </Empty>
    );
  return <Empty icon={CircleCheckBig} title={t(`queue.empty.${route.view}`)} text={t('queue.empty_text')} />;
}
