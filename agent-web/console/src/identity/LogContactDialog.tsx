import { NotebookPen } from 'lucide-react';
import { useState } from 'react';
import { callError, type AttachmentRef, type ContactLogParams, type Upload, type WireError } from '@throughline/protocol';
import { uuid } from '@throughline/protocol/browser';
import { limitsOf, tooMuch } from '../composer/limits.ts';
import { typeOf, uploadUrl } from '../composer/uploads.ts';
import { call } from '../connection/client.ts';
import { useT, type Key } from '../i18n/index.ts';
import { inputTime, timeOfInput } from '../lib/format.ts';
import { useNow } from '../lib/now.ts';
import { useAttempt } from '../lib/useAttempt.ts';
import { outcomeOf } from '../timeline/calls.ts';
import { personStore, takeEntry } from '../timeline/person.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Choice, Field, Lines } from '../ui/Field.tsx';
import styles from './form.module.css';

type Medium = NonNullable<ContactLogParams['medium']>;
type Direction = ContactLogParams['direction'];
type Outcome = NonNullable<ContactLogParams['outcome']>;

interface Kind {
  directions: Record<Direction, Key>;
  direction: Key;
  outcomes: Record<Direction, readonly Outcome[]>;
  minutes: Key | null;
  words: Key;
}

/** What is asked of each. */
const KINDS: Record<Medium, Kind> = {
  phone: {
    direction: 'log_call.direction',
    directions: { in: 'call.incoming', out: 'call.outgoing' },
    outcomes: { in: ['completed', 'missed'], out: ['completed', 'missed', 'busy'] },
    minutes: 'log_call.minutes',
    words: 'log_call.words',
  },
  in_person: {
    direction: 'log_visit.direction',
    directions: { in: 'visit.incoming', out: 'visit.outgoing' },
    outcomes: { in: ['completed', 'missed'], out: ['completed', 'missed'] },
    minutes: 'log_visit.minutes',
    words: 'log_call.words',
  },
  letter: {
    direction: 'log_letter.direction',
    directions: { in: 'letter.incoming', out: 'letter.outgoing' },
    outcomes: { in: [], out: [] },
    minutes: null,
    words: 'log_letter.words',
  },
};
const MEDIA = Object.keys(KINDS) as Medium[];

/** Gives the handle by which the entry names it. */
async function bring(file: File): Promise<AttachmentRef> {
  const type = typeOf(file);
  const answer = await fetch(uploadUrl(file.name), { method: 'POST', headers: { 'Content-Type': type }, body: file });
  const body = (await answer.json()) as { error?: WireError } & Partial<Upload>;
  if (!body.upload) throw callError(body.error ?? { code: 0, message: '' });
  return { upload: body.upload, name: file.name, type };
}

/** A call, a visit or a letter that came by nothing that is connected here. */
export function LogContactDialog({ customerId, onClose }: { customerId: string; onClose: () => void }) {
  const t = useT();
  const [clientId] = useState(uuid);
  const [numbers] = useState(() => (personStore(customerId).get().customer?.identities ?? []).filter(({ kind }) => kind === 'phone'));
  const [medium, setMedium] = useState<Medium>('phone');
  const [number, setNumber] = useState(numbers[0]?.id ?? '');
  const [direction, setDirection] = useState<Direction>('in');
  const [outcome, setOutcome] = useState<Outcome>('completed');
  const [opened] = useState(Date.now);
  const [at, setAt] = useState(() => inputTime(opened));
  const [minutes, setMinutes] = useState('');
  const [text, setText] = useState('');
  const [files, setFiles] = useState<readonly File[]>([]);
  const now = useNow();
  const { busy, problem, onSubmit } = useAttempt();
  const tooMany = tooMuch(limitsOf(null), files);
  const kind = KINDS[medium];
  const outcomes = kind.outcomes[direction];
  const spoken = kind.minutes !== null && outcome === 'completed';
  const submit = async () => {
    const attachments = await Promise.all(files.map(bring));
    const entry = await call('contact.log', {
      customer_id: customerId,
      client_id: clientId,
      medium,
      direction,
      occurred_at: new Date(timeOfInput(at)).toISOString(),
      text: text.trim(),
      ...(outcomes.length > 0 ? { outcome } : {}),
      ...(medium === 'phone' && number ? { identity_id: number } : {}),
      ...(spoken && minutes !== '' ? { duration_s: Math.round(Number(minutes) * 60) } : {}),
      ...(attachments.length > 0 ? { attachments } : {}),
    });
    takeEntry(customerId, entry);
    onClose();
  };
  const again = (to: Direction) => {
    setDirection(to);
    setOutcome('completed');
  };
  return (
    <Dialog title={t('action.log_contact')} text={t('log_call.text')} onClose={onClose}>
      <form className={styles.form} onSubmit={onSubmit(submit)}>
        <div className={styles.pair}>
          <Choice
            label={t('log_contact.medium')}
            value={medium}
            options={MEDIA.map((value) => ({ value, name: t(`log_contact.${value}`) }))}
            onChange={(value) => {
              setMedium(value as Medium);
              again('in');
            }}
          />
          <Choice
            label={t(kind.direction)}
            value={direction}
            options={(['in', 'out'] as const).map((value) => ({ value, name: t(kind.directions[value]) }))}
            onChange={(value) => again(value as Direction)}
          />
          {outcomes.length > 0 && (
            <Choice
              label={t('log_call.outcome')}
              value={outcome}
              options={outcomes.map((value) => ({ value, name: t(outcomeOf(value, direction, medium) ?? 'call.failed') }))}
              onChange={(value) => setOutcome(value as Outcome)}
            />
          )}
          {medium === 'phone' && numbers.length > 1 && (
            <Choice
              label={t('log_call.number')}
              value={number}
              options={numbers.map(({ id, value }) => ({ value: id, name: value ?? '' }))}
              onChange={setNumber}
            />
          )}
          <Field
            label={t('log_call.at')}
            type="datetime-local"
            required
            max={inputTime(Math.max(now, opened))}
            value={at}
            onChange={(event) => setAt(event.target.value)}
          />
          {spoken && kind.minutes && (
            <Field label={t(kind.minutes)} type="number" min={0} max={1440} step="any" value={minutes} onChange={(event) => setMinutes(event.target.value)} />
          )}
        </div>
        <Lines label={t(kind.words)} rows={4} maxLength={20_000} value={text} onChange={(event) => setText(event.target.value)} />
        <Field label={t('log_contact.files')} type="file" multiple onChange={(event) => setFiles([...(event.target.files ?? [])])} />
        <p role="alert" className={styles.problem}>
          {tooMany ?? problem}
        </p>
        <div className={styles.buttons}>
          <Button
            look="primary"
            type="submit"
            icon={NotebookPen}
            disabled={busy || tooMany !== null || (medium === 'letter' && text.trim() === '' && files.length === 0)}
          >
            {t('log_contact.submit')}
          </Button>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
}
