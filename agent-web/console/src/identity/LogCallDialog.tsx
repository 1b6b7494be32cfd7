import { PhoneCall } from 'lucide-react';
import { useState } from 'react';
import type { CallLogParams } from '@throughline/protocol';
import { uuid } from '@throughline/protocol/browser';
import { call } from '../connection/client.ts';
import { useT } from '../i18n/index.ts';
import { inputTime, timeOfInput } from '../lib/format.ts';
import { useNow } from '../lib/now.ts';
import { useAttempt } from '../lib/useAttempt.ts';
import { outcomeOf } from '../timeline/calls.ts';
import { personStore, takeEntry } from '../timeline/person.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Choice, Field, Lines } from '../ui/Field.tsx';
import styles from './form.module.css';

type Direction = CallLogParams['direction'];
type Outcome = CallLogParams['outcome'];
const OUTCOMES: Record<Direction, readonly Outcome[]> = { in: ['completed', 'missed'], out: ['completed', 'missed', 'busy'] };

/** A call on a telephone that is not connected here. */
export function LogCallDialog({ customerId, onClose }: { customerId: string; onClose: () => void }) {
  const t = useT();
  const [clientId] = useState(uuid);
  const [numbers] = useState(() => (personStore(customerId).get().customer?.identities ?? []).filter(({ kind }) => kind === 'phone'));
  const [number, setNumber] = useState(numbers[0]?.id ?? '');
  const [direction, setDirection] = useState<Direction>('in');
  const [outcome, setOutcome] = useState<Outcome>('completed');
  const [at, setAt] = useState(() => inputTime(Date.now()));
  const [minutes, setMinutes] = useState('');
  const [text, setText] = useState('');
  const now = useNow();
  const { busy, problem, onSubmit } = useAttempt();
  const spoken = outcome === 'completed';
  const submit = async () => {
    const entry = await call('call.log', {
      customer_id: customerId,
      client_id: clientId,
      direction,
      outcome,
      occurred_at: new Date(timeOfInput(at)).toISOString(),
      text: text.trim(),
      ...(number ? { identity_id: number } : {}),
      ...(spoken && minutes !== '' ? { duration_s: Math.round(Number(minutes) * 60) } : {}),
    });
    takeEntry(customerId, entry);
    onClose();
  };
  return (
    <Dialog title={t('action.log_call')} text={t('log_call.text')} onClose={onClose}>
      <form className={styles.form} onSubmit={onSubmit(submit)}>
        <Choice
          label={t('log_call.direction')}
          value={direction}
          options={(['in', 'out'] as const).map((value) => ({ value, name: t(value === 'in' ? 'call.incoming' : 'call.outgoing') }))}
          onChange={(value) => {
            setDirection(value as Direction);
            setOutcome('completed');
          }}
        />
        <Choice
          label={t('log_call.outcome')}
          value={outcome}
          options={OUTCOMES[direction].map((value) => ({ value, name: t(outcomeOf(value, direction) ?? 'call.failed') }))}
          onChange={(value) => setOutcome(value as Outcome)}
        />
        {numbers.length > 1 && (
          <Choice
            label={t('log_call.number')}
            value={number}
            options={numbers.map(({ id, value }) => ({ value: id, name: value ?? '' }))}
            onChange={setNumber}
          />
        )}
        <Field label={t('log_call.at')} type="datetime-local" required max={inputTime(now)} value={at} onChange={(event) => setAt(event.target.value)} />
        {spoken && (
          <Field
            label={t('log_call.minutes')}
            type="number"
            min={0}
            max={1440}
            step="any"
            value={minutes}
            onChange={(event) => setMinutes(event.target.value)}
          />
        )}
        <Lines label={t('log_call.words')} rows={4} maxLength={20_000} value={text} onChange={(event) => setText(event.target.value)} />
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
        <div className={styles.buttons}>
          <Button look="primary" type="submit" icon={PhoneCall} disabled={busy}>
            {t('log_call.submit')}
          </Button>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
}
