import { CalendarClock, MailCheck, RotateCw, Send, Undo2, X } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Unsent } from '@throughline/protocol';
import { hrefOf, personHref, type UnsentState, UNSENT } from '../app/route.ts';
import { plan, planAgain, takeBackPlanned } from '../composer/planned.ts';
import { call, client } from '../connection/client.ts';
import { useDirectory } from '../directory/directory.ts';
import { useT } from '../i18n/index.ts';
import { saidAll } from '../i18n/said.ts';
import { dateTimeShort, millis, weekdayTime } from '../lib/format.ts';
import { useAttempt } from '../lib/useAttempt.ts';
import { Button } from '../ui/Button.tsx';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { Empty } from '../ui/Empty.tsx';
import { reasonOf, toast } from '../ui/toasts.ts';
import { When } from '../ui/When.tsx';
import styles from './UnsentPage.module.css';

const PAGE = 50;
const TOGETHER = 100;
const AGAIN_MS = 300;

/** Answers that have not left, or perhaps not, over all channels. */
export default function UnsentPage({ state }: { state: UnsentState }) {
  const t = useT();
  const { rows, more, error, loadMore, reload } = useUnsent(state);
  const { busy, attempt } = useAttempt();
  const one = (id: string, what: 'message.retry' | 'message.cancel') => attempt(() => call(what, { id }).then(reload));
  const all = () =>
    attempt(async () => {
      const ids = (rows ?? []).map(({ entry_id }) => entry_id);
      let retried = 0;
      for (let i = 0; i < ids.length; i += TOGETHER) retried += (await call('outbox.retry', { ids: ids.slice(i, i + TOGETHER) })).retried;
      toast(t('unsent.retried', { count: retried }));
      reload();
    });
  return (
    <main className={styles.page}>
      <header className={styles.head}>
        <h1>{t('unsent.title')}</h1>
        <p>{t(`unsent.${state}_text`)}</p>
        <nav className={styles.tabs} aria-label={t('unsent.title')}>
          {UNSENT.map((name) => (
            <a key={name} href={hrefOf({ page: 'unsent', state: name })} aria-current={name === state ? 'page' : undefined}>
              {t(`unsent.${name}`)}
            </a>
          ))}
          {state === 'failed' && rows && rows.length > 0 && (
            <Button small icon={RotateCw} disabled={busy} onClick={all}>
              {t('unsent.retry_all', { count: rows.length })}
            </Button>
          )}
        </nav>
      </header>
      {error && (
        <p role="alert" className={styles.problem}>
          {error}
        </p>
      )}
      {rows?.length === 0 && <Empty icon={MailCheck} title={t('unsent.none')} text={t(`unsent.none_${state}`)} />}
      <ul className={styles.list}>
        {(state === 'scheduled' ? soonest(rows) : rows)?.map((row) => (
          <Row
            key={row.entry_id}
            row={row}
            busy={busy}
            onRetry={state === 'failed' ? () => one(row.entry_id, 'message.retry') : null}
            onCancel={state === 'queued' ? () => one(row.entry_id, 'message.cancel') : null}
            planned={
              state === 'scheduled' && {
                change: () => planAgain(row.customer_id, row.entry_id, (work) => attempt(() => work().then(reload))),
                now: () => attempt(() => plan(row.customer_id, row.entry_id, null).then(reload)),
                back: () =>
                  attempt(() => takeBackPlanned(row.customer_id, row.entry_id).then(() => location.assign(personHref(row.customer_id, row.entry_id)))),
              }
            }
          />
        ))}
      </ul>
      {more && (
        <Button onClick={loadMore} disabled={busy}>
          {t('unsent.more')}
        </Button>
      )}
    </main>
  );
}

interface RowProps {
  row: Unsent;
  busy: boolean;
  onRetry: (() => void) | null;
  onCancel: (() => void) | null;
  planned: false | { change: () => void; now: () => void; back: () => void };
}

const soonest = (rows: readonly Unsent[] | null): readonly Unsent[] | undefined => rows?.toSorted((a, b) => (a.next_at ?? '').localeCompare(b.next_at ?? ''));

function Row({ row, busy, onRetry, onCancel, planned }: RowProps) {
  const t = useT();
  const { channelById } = useDirectory();
  const channel = channelById.get(row.channel_id);
  const words = [row.subject, row.text].filter(Boolean).join(' · ');
  const next = millis(row.next_at);
  return (
    <li className={styles.row}>
      <ChannelIcon medium={channel?.medium ?? 'other'} size={16} />
      <div className={styles.what}>
        <a href={personHref(row.customer_id, row.entry_id)} dir="auto">
          {row.customer_name}
        </a>
        <small>
          {[row.address === row.customer_name ? '' : row.address, channel?.name, row.author_name].filter(Boolean).join(' · ')} · <When at={row.created_at} />
        </small>
        {words && (
          <span className={styles.words} dir="auto">
            {words}
          </span>
        )}
        {row.error.length > 0 && <span className={styles.why}>{saidAll(row.error)}</span>}
        {next !== null && planned && <small>{t('delivery.planned', { at: weekdayTime(next) })}</small>}
        {next !== null && row.attempts > 0 && <small>{t('unsent.next', { when: dateTimeShort(next), count: row.attempts })}</small>}
      </div>
      {onRetry && (
        <Button small icon={RotateCw} disabled={busy} onClick={onRetry}>
          {t('unsent.retry')}
        </Button>
      )}
      {planned && (
        <>
          <Button small icon={CalendarClock} disabled={busy} onClick={planned.change}>
            {t('plan.change')}
          </Button>
          <Button small icon={Send} disabled={busy} onClick={planned.now}>
            {t('plan.now')}
          </Button>
          <Button small look="quiet" icon={Undo2} disabled={busy} onClick={planned.back}>
            {t('send.back')}
          </Button>
        </>
      )}
      {onCancel && (
        <Button small look="quiet" icon={X} disabled={busy} onClick={onCancel}>
          {t('unsent.cancel')}
        </Button>
      )}
    </li>
  );
}

/** The list as it is now: what changes of an answer is pushed with its entry, and read again here, together. */
function useUnsent(state: UnsentState) {
  const [rows, setRows] = useState<Unsent[] | null>(null);
  const [more, setMore] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const shown = useRef({ state, size: PAGE });
  const read = useCallback(async (wanted: UnsentState, before: number | null, limit: number) => {
    try {
      const page = await call('outbox.list', { state: wanted, limit, ...(before ? { before } : {}) });
      if (shown.current.state !== wanted) return;
      setRows((now) => (before ? [...(now ?? []).filter(({ cursor }) => cursor >= before), ...page.messages] : page.messages));
      setMore(page.more);
      setError(null);
    } catch (problem) {
      setError(reasonOf(problem));
    }
  }, []);
  const reload = useCallback(() => void read(shown.current.state, null, shown.current.size), [read]);
  useEffect(() => {
    shown.current = { state, size: PAGE };
    setRows(null);
    void read(state, null, PAGE);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const again = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        reload();
      }, AGAIN_MS);
    };
    const ends = [client.on('conversation', again), client.onOpen(async () => again())];
    return () => {
      clearTimeout(timer);
      for (const end of ends) end();
    };
  }, [state, read, reload]);
  const loadMore = () => {
    shown.current.size = Math.min(200, shown.current.size + PAGE);
    void read(state, rows?.at(-1)?.cursor ?? null, PAGE);
  };
  return { rows, more, error, loadMore, reload };
}
