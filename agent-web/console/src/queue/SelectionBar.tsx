import { CircleCheckBig, Clock, Tag, UserRoundPlus, X } from 'lucide-react';
import type { Conversation } from '@throughline/protocol';
import { assignMany, setStatusMany, snoozeMany, tagMany } from '../actions/conversation.ts';
import { useT } from '../i18n/index.ts';
import { useStore } from '../lib/store.ts';
import { askAssign, askSnooze } from '../palette/palette.ts';
import { Tags } from '../person/Tags.tsx';
import { Button } from '../ui/Button.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { Popover } from '../ui/Popover.tsx';
import { picked, pickedNow, pickNone, selection } from './selection.ts';
import styles from './SelectionBar.module.css';

/** What can be done with the rows that were picked, as they are then: by the same way as by the keys. */
export function SelectionBar({ rows }: { rows: readonly Conversation[] }) {
  const t = useT();
  const chosen = picked(rows, useStore(selection));
  if (chosen.length === 0) return null;
  return (
    <div className={styles.bar} role="toolbar" aria-label={t('select.label')}>
      <span className={styles.count} aria-live="polite">
        {t('select.count', { count: chosen.length })}
      </span>
      <IconButton
        icon={UserRoundPlus}
        label={t('action.assign')}
        keys="a"
        small
        onClick={() => askAssign(pickedNow(), (agent, note) => assignMany(pickedNow(), agent, note))}
      />
      <Popover label={t('tags.add')} trigger={<Button icon={Tag} small look="quiet" aria-label={t('tags.add')} title={t('tags.add')} />}>
        <div className={styles.tags}>
          <Tags tags={[]} label={t('tags.add')} onChange={async ([tag]) => tag && tagMany(pickedNow(), tag)} />
        </div>
      </Popover>
      <IconButton icon={Clock} label={t('action.snooze')} keys="s" small onClick={() => askSnooze((until) => snoozeMany(pickedNow(), until))} />
      <IconButton icon={CircleCheckBig} label={t('action.resolve')} keys="e" small onClick={() => setStatusMany(pickedNow(), 'resolved')} />
      <IconButton icon={X} label={t('select.none')} keys="escape" small onClick={pickNone} />
    </div>
  );
}
