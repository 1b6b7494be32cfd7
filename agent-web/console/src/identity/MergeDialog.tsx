import { ArrowLeftRight, CircleAlert, Merge } from 'lucide-react';
import { useState } from 'react';
import type { Distinction, MergeConflict, MergePreview, MergeSide } from '@throughline/protocol';
import { call } from '../connection/client.ts';
import { useT } from '../i18n/index.ts';
import { dateShort, millis, number } from '../lib/format.ts';
import { useAttempt } from '../lib/useAttempt.ts';
import { useLoaded } from '../lib/useLoaded.ts';
import { useAttributes } from '../person/facts.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Button } from '../ui/Button.tsx';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Field } from '../ui/Field.tsx';
import { merge, withdraw } from './merging.ts';
import { identityMedium, identityWords, profileName, profileValue, PROOFS } from './words.ts';
import styles from './MergeDialog.module.css';
import { nameOf } from '../lib/personName.ts';

interface Props {
  intoId: string;
  fromId: string;
  onClose: () => void;
}

/** Both persons side by side, before they become one. */
export function MergeDialog({ intoId, fromId, onClose }: Props) {
  const t = useT();
  const [swapped, setSwapped] = useState(false);
  const [into, from] = swapped ? [fromId, intoId] : [intoId, fromId];
  const preview = useLoaded(() => call('customer.merge_preview', { into_id: into, from_id: from }), into);
  return (
    <Dialog title={t('merge.title')} text={t('merge.text')} wide onClose={onClose}>
      {preview.error && (
        <p role="alert" className={styles.problem}>
          {preview.error}
        </p>
      )}
      {preview.value && (
        <Form key={into} into={into} from={from} preview={preview.value} onSwap={() => setSwapped(!swapped)} onChanged={preview.reload} onClose={onClose} />
      )}
    </Dialog>
  );
}

interface FormProps {
  into: string;
  from: string;
  preview: MergePreview;
  onSwap: () => void;
  onChanged: () => void;
  onClose: () => void;
}

function Form({ into, from, preview, onSwap, onChanged, onClose }: FormProps) {
  const t = useT();
  const [take, setTake] = useState<ReadonlySet<string>>(new Set());
  const [reason, setReason] = useState('');
  const { busy, problem, onSubmit } = useAttempt();
  const refused = preview.distinctions.length > 0;
  const submit = async () => {
    await merge(into, from, reason.trim(), [...take]);
    onClose();
  };
  const choose = (field: string, taken: boolean) => setTake((before) => new Set(taken ? [...before, field] : [...before].filter((one) => one !== field)));
  return (
    <form onSubmit={onSubmit(submit)}>
      <div className={styles.sides}>
        <Side side={preview.into} role={t('merge.stays')} />
        <Button look="quiet" icon={ArrowLeftRight} aria-label={t('merge.swap')} title={t('merge.swap')} onClick={onSwap} />
        <Side side={preview.from} role={t('merge.goes')} />
      </div>
      {preview.conflicts.length > 0 && (
        <fieldset className={styles.conflicts}>
          <legend>{t('merge.conflicts')}</legend>
          {preview.conflicts.map((conflict) => (
            <Conflict key={conflict.field} conflict={conflict} taken={take.has(conflict.field)} onTake={(taken) => choose(conflict.field, taken)} />
          ))}
        </fieldset>
      )}
      {preview.distinctions.map((one) => (
        <Against key={one.id} distinction={one} onWithdrawn={onChanged} />
      ))}
      <Field label={t('merge.reason')} hint={t('merge.reason_hint')} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
      <p role="alert" className={styles.problem}>
        {problem}
      </p>
      <div className={styles.buttons}>
        <Button look="primary" type="submit" icon={Merge} disabled={busy || refused}>
          {t(busy ? 'merge.busy' : 'merge.submit')}
        </Button>
        <Button onClick={onClose}>{t('ui.cancel')}</Button>
        <span className={styles.calm}>{t('merge.calm')}</span>
      </div>
    </form>
  );
}

function Side({ side, role }: { side: MergeSide | null; role: string }) {
  const t = useT();
  const customer = side?.customer;
  if (!side || !customer) return <section className={styles.side} />;
  const name = nameOf(customer);
  const first = millis(customer.first_at);
  return (
    <section className={styles.side} aria-label={`${role}: ${name}`}>
      <p className={styles.role}>{role}</p>
      <p className={styles.who}>
        <Avatar name={name} size={36} />
        <span>
          <b>{name}</b>
          <small>{[customer.company, first === null ? null : t('merge.since', { at: dateShort(first) })].filter(Boolean).join(' · ')}</small>
        </span>
      </p>
      <dl className={styles.counts}>
        <Count name={t('merge.entries')} n={side.entries} />
        <Count name={t('merge.conversations')} n={side.conversations} open={side.open_conversations} />
        <Count name={t('merge.orders')} n={side.orders} />
      </dl>
      <ul className={styles.identities}>
        {customer.identities.map((identity) => {
          const Proof = PROOFS[identity.proof];
          return (
            <li key={identity.id}>
              <ChannelIcon medium={identityMedium(identity.kind)} size={14} />
              <span>{identityWords(identity)}</span>
              <small data-proof={identity.proof}>
                <Proof size={12} aria-hidden /> {t(`proof.${identity.proof}`)}
              </small>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Count({ name, n, open }: { name: string; n: number | null; open?: number | null }) {
  const t = useT();
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {number(n ?? 0)}
        {open ? <small> {t('merge.open', { n: open })}</small> : null}
      </dd>
    </div>
  );
}

function Conflict({ conflict: { field, into, from }, taken, onTake }: { conflict: MergeConflict; taken: boolean; onTake: (taken: boolean) => void }) {
  useT();
  useAttributes();
  const name = profileName(field);
  return (
    <div className={styles.conflict} role="radiogroup" aria-label={name}>
      <span className={styles.field}>{name}</span>
      <label data-chosen={!taken || undefined}>
        <input type="radio" name={field} checked={!taken} onChange={() => onTake(false)} /> <span>{profileValue(field, into)}</span>
      </label>
      <label data-chosen={taken || undefined}>
        <input type="radio" name={field} checked={taken} onChange={() => onTake(true)} /> <span>{profileValue(field, from)}</span>
      </label>
    </div>
  );
}

function Against({ distinction, onWithdrawn }: { distinction: Distinction; onWithdrawn: () => void }) {
  const t = useT();
  const made = millis(distinction.made_at);
  return (
    <div className={styles.against} role="alert">
      <CircleAlert size={16} aria-hidden />
      <span>
        {t('merge.against', { at: made === null ? '' : dateShort(made) })}
        {distinction.reason && <q>{distinction.reason}</q>}
      </span>
      <Button small onClick={() => void withdraw(distinction.id, [distinction.a_id, distinction.b_id]).then((done) => done && onWithdrawn())}>
        {t('distinction.withdraw')}
      </Button>
    </div>
  );
}
