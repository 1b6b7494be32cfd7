import { Ban, CircleCheckBig } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import type { Conversation, ResolvedRef } from '@throughline/protocol';
import { call } from '../connection/client.ts';
import { t, useT } from '../i18n/index.ts';
import { take } from '../queue/queue.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Field } from '../ui/Field.tsx';
import { isVersionConflict, reasonOf, toast, toastError } from '../ui/toasts.ts';
import styles from './form.module.css';

/** The server takes so many at once. */
const AT_ONCE = 200;

const pieces = <T,>(all: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(all.length / AT_ONCE) }, (_, i) => all.slice(i * AT_ONCE, (i + 1) * AT_ONCE));

/** As they stood before, but for those that somebody has done something with since. */
async function takeBack(blocks: readonly string[], resolved: readonly ResolvedRef[], before: readonly Conversation[]): Promise<void> {
  const rows = new Map(before.map((row) => [row.id, row]));
  try {
    for (const id of blocks) await call('visitor.unblock', { id });
    for (const { id, version } of resolved) {
      const row = rows.get(id);
      if (row) await reopen(row, version ?? 0);
    }
    toast(t('block.undone'));
  } catch (error) {
    toastError(error);
  }
}

async function reopen({ id, status, snoozed_until }: Conversation, version: number): Promise<void> {
  try {
    take(await call('conversation.set_status', { id, version, ...(status === 'snoozed' ? { status, until: snoozed_until } : { status: 'open' }) }));
  } catch (error) {
    if (!isVersionConflict(error)) throw error;
  }
}

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
      const blocks: string[] = [];
      for (const some of block ? pieces(chats) : [])
        blocks.push(...(await call('visitor.block', { conversation_ids: some.map(({ id }) => id), address, reason: reason.trim() })).ids);
      const resolved: ResolvedRef[] = [];
      for (const some of pieces(rows)) resolved.push(...(await call('conversation.resolve_many', { ids: some.map(({ id }) => id) })).conversations);
      const words = block ? t('block.done', { blocked: blocks.length, resolved: resolved.length }) : t('block.resolved', { resolved: resolved.length });
      const undoable = blocks.length + resolved.length > 0;
      toast(words, undoable ? { name: t('ui.undo'), run: () => void takeBack(blocks, resolved, rows) } : null);
      onClose();
    } catch (error) {
      setProblem(reasonOf(error));
    }
  };
  return (
    <Dialog title={many ? t('block.title_many', { n: rows.length }) : t('block.title')} text={many ? t('block.text_many') : t('block.text')} onClose={onClose}>
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        {many && chats.length > 0 && (
          <label className={styles.tick}><input type="checkbox" checked={block} onChange={(event) => setBlock(event.target.checked)} /> {t('block.visitors', { n: chats.length })}</label>
        )}
        {block && (
          <>
            <label className={styles.tick}><input type="checkbox" checked={address} onChange={(event) => setAddress(event.target.checked)} /> {t('block.address')}</label>
            <Field label={t('merge.reason')} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
          </>
        )}
        <p role="alert" className={styles.problem}>{problem}</p>
        <div className={styles.buttons}>
          <Button look={block ? 'danger' : 'primary'} type="submit" icon={block ? Ban : CircleCheckBig}>{t(block ? 'block.submit' : 'block.submit_resolve')}</Button>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
}
