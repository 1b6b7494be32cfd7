import { Ban, CircleCheckBig } from 'lucide-react';
import { useState } from 'react';
import type { Conversation } from '@throughline/protocol';
import { reopenMany, resolveMany } from '../actions/conversation.ts';
import { say, UNDO_LONG_MS, type Done } from '../actions/done.ts';
import { call } from '../connection/client.ts';
import { t, useT } from '../i18n/index.ts';
import { pieces } from '../lib/pieces.ts';
import { useAttempt } from '../lib/useAttempt.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Field } from '../ui/Field.tsx';
import styles from './form.module.css';

/** The server takes so many at once. */
const BLOCK_MAX = 200;

/** As they stood before, but for those that somebody has done something with since. */
async function takeBack(blocks: readonly string[], made: Awaited<ReturnType<typeof resolveMany>>['made']): Promise<Done> {
  for (const id of blocks) await call('visitor.unblock', { id });
  const { words } = await reopenMany(made);
  return { words: words ?? t('block.undone') };
}

/** Many conversations at an end at once; and, of chats, visitors and addresses that may write no more. */
export function BlockDialog({ rows, many, onClose }: { rows: readonly Conversation[]; many: boolean; onClose: () => void }) {
  const t = useT();
  const chats = many ? rows.filter((row) => row.last_medium === 'chat') : rows;
  const [block, setBlock] = useState(!many);
  const [address, setAddress] = useState(false);
  const [reason, setReason] = useState('');
  const { busy, problem, onSubmit } = useAttempt();
  const submit = async () => {
    const blocks: string[] = [];
    for (const some of block ? pieces(chats, BLOCK_MAX) : [])
      blocks.push(...(await call('visitor.block', { conversation_ids: some.map(({ id }) => id), address, reason: reason.trim() })).ids);
    const { made, left, failed } = await resolveMany(rows);
    const words = block ? t('block.done', { blocked: blocks.length, resolved: made.length }) : t('block.resolved', { resolved: made.length });
    const rest = left > 0 ? ` ${t('undo.some_changed', { count: left })}` : '';
    say({ words: words + rest, undo: blocks.length + made.length > 0 ? () => takeBack(blocks, made) : null, shownMs: UNDO_LONG_MS });
    if (failed) throw failed;
    onClose();
  };
  return (
    <Dialog title={many ? t('block.title_many', { n: rows.length }) : t('block.title')} text={many ? t('block.text_many') : t('block.text')} onClose={onClose}>
      <form className={styles.form} onSubmit={onSubmit(submit)}>
        {many && chats.length > 0 && (
          <label className={styles.tick}>
            <input type="checkbox" checked={block} onChange={(event) => setBlock(event.target.checked)} /> {t('block.visitors', { n: chats.length })}
          </label>
        )}
        {block && (
          <>
            <label className={styles.tick}>
              <input type="checkbox" checked={address} onChange={(event) => setAddress(event.target.checked)} /> {t('block.address')}
            </label>
            <Field label={t('merge.reason')} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
          </>
        )}
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
        <div className={styles.buttons}>
          <Button look={block ? 'danger' : 'primary'} type="submit" icon={block ? Ban : CircleCheckBig} disabled={busy}>
            {t(block ? 'block.submit' : 'block.submit_resolve')}
          </Button>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
}
