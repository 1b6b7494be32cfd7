import { UsersRound } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Suggestion } from '@throughline/protocol';
import { openDialog } from '../app/dialogs.ts';
import { personHref } from '../app/route.ts';
import { Differs } from '../identity/Differs.tsx';
import { useHint, wantHints } from '../identity/hints.ts';
import { distinguish, merge, SURE_FROM } from '../identity/merging.ts';
import { signalWords } from '../identity/words.ts';
import { useT } from '../i18n/index.ts';
import { saidAll } from '../i18n/said.ts';
import { Button } from '../ui/Button.tsx';
import { toastError } from '../ui/toasts.ts';
import styles from './SuggestionCard.module.css';
import { personName } from '../lib/personName.ts';

/** Somebody who may be the same person, and why; nothing is joined until an agent says so. */
export function Suggestions({ customerId, suggestions }: { customerId: string; suggestions: readonly Suggestion[] | null }) {
  const t = useT();
  const [all, setAll] = useState(false);
  const [answered, setAnswered] = useState<ReadonlySet<string>>(new Set());
  const open = (suggestions ?? []).filter((one) => !answered.has(one.customer_id));
  const shown = all ? open : open.slice(0, 1);
  const answer = (id: string) => setAnswered((before) => new Set([...before, id]));
  return (
    <>
      {shown.map((one) => (
        <Card key={one.customer_id} customerId={customerId} suggestion={one} onAnswered={() => answer(one.customer_id)} />
      ))}
      {open.length > shown.length && (
        <Button small look="quiet" onClick={() => setAll(true)}>
          {t('suggestion.more', { n: open.length - shown.length })}
        </Button>
      )}
    </>
  );
}

function Card({ customerId, suggestion, onAnswered }: { customerId: string; suggestion: Suggestion; onAnswered: () => void }) {
  const t = useT();
  const { customer_id: other, name, confidence, signal, evidence, differs } = suggestion;
  const shownName = personName(name);
  const sure = (confidence ?? 0) >= SURE_FROM;
  useEffect(() => wantHints([other]), [other]);
  const why = saidAll(evidence) || signalWords(signal);
  const marks = (useHint(other)?.marks ?? []).filter((mark) => !why.includes(mark) && mark !== name && !differs.some(({ b }) => b.includes(mark)));
  return (
    <section className={styles.card} aria-label={t('suggestion.label', { name: shownName })}>
      <UsersRound size={16} aria-hidden />
      <div>
        <p className={styles.words}>
          {t('suggestion.perhaps')}{' '}
          <bdi>
            <a href={personHref(other)}>{shownName}</a>
          </bdi>{' '}
          <span className={styles.score} title={t('suggestion.confidence', { n: confidence ?? 0 })}>
            {confidence} %
          </span>
        </p>
        {marks.length > 0 && <p className={styles.why}>{marks.slice(0, 3).join(' · ')}</p>}
        <p className={styles.why}>{why}</p>
        <Differs differs={differs} />
        <p className={styles.buttons}>
          <Button small look={sure ? 'plain' : 'primary'} onClick={() => openDialog({ type: 'merge', intoId: customerId, fromId: other })}>
            {t('suggestion.compare')}
          </Button>
          <Button
            small
            look={sure ? 'primary' : 'plain'}
            onClick={() => void merge(customerId, other, saidAll(evidence), []).then(onAnswered).catch(toastError)}
          >
            {t('suggestion.same')}
          </Button>
          <Button small look="quiet" onClick={() => void distinguish(customerId, other).then((done) => done && onAnswered())}>
            {t('suggestion.not')}
          </Button>
        </p>
      </div>
    </section>
  );
}
