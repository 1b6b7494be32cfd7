import { Ban, CircleCheckBig } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import type { Conversation } from '@throughline/protocol';
import { reopenMany, resolveMany } from '../actions/conversation.ts';
import { say, UNDO_LONG_MS } from '../actions/done.ts';
import { call } from '../connection/client.ts';
import { useT } from '../i18n/index.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Field } from '../ui/Field.tsx';
import { reasonOf } from '../ui/toasts.ts';
import styles from './form.module.css';

/** The server takes so many at once. */
const AT_ONCE = 200;

const pieces = <T,>(all: readonly T[]): T[][] => Array.from({ length: Math.ceil(all.length / AT_ONCE) }, (_, i) => all.slice(i * AT_ONCE, (i + 1) * AT_ONCE));

/** Many conversations at an end at once; and, of chats, visitors and addresses that may write no more. */
export function BlockDialog({ rows, many, onClose }: { rows: readonly Conversation[]; many: boolean; onClose: () => void }) {
  const t = useT();
  const chats = many ? rows.filter((row) => row.last_medium === 'chat') : rows;
  const [block, setBlock] = useState(!many);
  const [address, setAddress] = useState(false);
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      let blocked = 0;
      for (const some of block ? pieces(chats) : [])
        blocked += (await call('visitor.block', { conversation_ids: some.map(({ id }) => id), address, reason: reason.trim() })).blocked ?? 0;
      const { made, failed } = await resolveMany(rows);
      const resolved = made.length;
      if (block) say({ words: t('block.done', { blocked, resolved }) });
      else say({ words: t('block.resolved', { resolved }), undo: resolved > 0 ? () => reopenMany(made) : null, shownMs: UNDO_LONG_MS });
      if (failed) setProblem(reasonOf(failed));
      else onClose();
    } catch (error) {
      setProblem(reasonOf(error));
    }
  };
  return (
    <Dialog title={many ? t('block.title_many', { n: rows.length }) : t('block.title')} text={many ? t('block.text_many') : t('block.text')} onClose={onClose}>
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
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
          <Button look={block ? 'danger' : 'primary'} type="submit" icon={block ? Ban : CircleCheckBig}>
            {t(block ? 'block.submit' : 'block.submit_resolve')}
          </Button>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
}
