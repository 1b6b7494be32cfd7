import { Download, FileUp, Play, TestTube } from 'lucide-react';
import { useEffect, useRef, useState, type DragEvent } from 'react';
import { httpUpload, type Said, type Task } from '@throughline/protocol';
import { uuid } from '@throughline/protocol/browser';
import { call } from '../connection/client.ts';
import { useDirectory } from '../directory/directory.ts';
import { useT } from '../i18n/index.ts';
import { saidAll } from '../i18n/said.ts';
import { bytes, dateTime, millis, number } from '../lib/format.ts';
import { useLoaded } from '../lib/useLoaded.ts';
import { TaskProgress } from '../tasks/TaskProgress.tsx';
import { isOver, useTask } from '../tasks/tasks.ts';
import { Button } from '../ui/Button.tsx';
import { Choice } from '../ui/Field.tsx';
import { reasonOf, toastError } from '../ui/toasts.ts';
import { Card, Page } from './Page.tsx';
import styles from './rows.module.css';

type What = 'people' | 'orders';
type Format = 'csv' | 'jsonl';

const formatOf = (file: File | null): Format => (/\.(jsonl|ndjson|json)$/i.test(file?.name ?? '') ? 'jsonl' : 'csv');

/** People and orders from a file: first tried out, then taken. A second run of the same file changes nothing. */
export function ImportPage() {
  const t = useT();
  const { channels } = useDirectory();
  const [what, setWhat] = useState<What>('people');
  const [file, setFile] = useState<File | null>(null);
  const [format, setFormat] = useState<Format>('csv');
  const [channelId, setChannelId] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [started, setStarted] = useState<{ task: Task; dry: boolean } | null>(null);
  const task = useTask(started?.task ?? null);
  const tried = started?.dry === true && task?.state === 'done';
  const choose = (next: File | null) => {
    setFile(next);
    setFormat(formatOf(next));
    setStarted(null);
    setProblem(null);
  };
  const start = async (dry: boolean) => {
    if (!file) return;
    setBusy(true);
    setProblem(null);
    try {
      const { upload } = await httpUpload(file.name, file, format === 'csv' ? 'text/csv' : 'application/x-ndjson');
      const begun = await call('import.start', {
        client_id: uuid(),
        upload,
        what,
        format,
        dry_run: dry,
        title: file.name,
        ...(channelId ? { channel_id: channelId } : {}),
      });
      setStarted({ task: begun, dry });
    } catch (error) {
      setProblem(reasonOf(error));
    } finally {
      setBusy(false);
    }
  };
  const template = async () => {
    try {
      const { text } = await call('import.template', { what, format });
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
      link.download = `${what}.${format}`;
      link.click();
      URL.revokeObjectURL(link.href);
    } catch (error) {
      toastError(error);
    }
  };
  const running = task !== null && !isOver(task);
  const missing = file === null || (what === 'orders' && channelId === '');
  return (
    <Page title={t('settings.import')} lead={t('import.lead')}>
      <Card title={t('import.file')}>
        <div className={styles.form}>
          <Drop file={file} onFile={choose} />
          <div className={styles.pair}>
            <Choice
              label={t('import.what')}
              value={what}
              options={[
                { value: 'people', name: t('import.people') },
                { value: 'orders', name: t('import.orders') },
              ]}
              onChange={(value) => {
                setWhat(value as What);
                setStarted(null);
              }}
            />
            <Choice
              label={t('import.format')}
              value={format}
              options={[
                { value: 'csv', name: t('import.csv') },
                { value: 'jsonl', name: t('import.jsonl') },
              ]}
              onChange={(value) => {
                setFormat(value as Format);
                setStarted(null);
              }}
            />
            <Choice
              label={t(what === 'orders' ? 'import.shop' : 'import.source')}
              value={channelId}
              options={[
                { value: '', name: t(what === 'orders' ? 'import.choose_shop' : 'import.no_source') },
                ...channels.map(({ id, name }) => ({ value: id, name })),
              ]}
              hint={t(what === 'orders' ? 'import.shop_hint' : 'import.source_hint')}
              onChange={(value) => {
                setChannelId(value);
                setStarted(null);
              }}
            />
          </div>
          <p role="alert" className={styles.problem}>
            {problem}
          </p>
          <div className={styles.buttons}>
            <Button look={tried ? 'plain' : 'primary'} icon={TestTube} disabled={missing || busy || running} onClick={() => void start(true)}>
              {t('import.dry')}
            </Button>
            <Button
              look={tried ? 'primary' : 'plain'}
              icon={Play}
              disabled={!tried || busy || running}
              title={tried ? undefined : t('import.dry_first')}
              onClick={() => void start(false)}
            >
              {t('import.run')}
            </Button>
            <Button look="quiet" icon={Download} onClick={() => void template()}>
              {t('import.template')}
            </Button>
          </div>
        </div>
      </Card>
      {task && started && (
        <Card title={t(started.dry ? 'import.dry_result' : 'import.result')}>
          <TaskProgress task={task} />
          {task.result !== null && isOver(task) && <Report task={task} dry={started.dry} />}
        </Card>
      )}
      <Earlier turn={task?.state ?? ''} />
    </Page>
  );
}

function Drop({ file, onFile }: { file: File | null; onFile: (file: File | null) => void }) {
  const t = useT();
  const field = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    onFile(event.dataTransfer.files[0] ?? null);
  };
  return (
    <div
      className={styles.drop}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <FileUp size={22} aria-hidden />
      {file ? (
        <b>
          {file.name} · {bytes(file.size)}
        </b>
      ) : (
        <span>{t('import.drop')}</span>
      )}
      <Button small onClick={() => field.current?.click()}>
        {t('import.choose')}
      </Button>
      <input
        ref={field}
        type="file"
        hidden
        accept=".csv,.jsonl,.ndjson,.txt,text/csv,application/x-ndjson"
        aria-label={t('import.choose')}
        onChange={(event) => onFile(event.target.files?.[0] ?? null)}
      />
    </div>
  );
}

const COUNTS = ['rows', 'created', 'changed', 'unchanged', 'refused'] as const;

interface Refused {
  line: number;
  field: string | null;
  said: Said[];
}

function Report({ task, dry }: { task: Task; dry: boolean }) {
  const t = useT();
  const result = (task.result ?? {}) as Record<string, unknown>;
  const count = (name: string) => (typeof result[name] === 'number' ? (result[name] as number) : 0);
  const report = Array.isArray(result.report) ? (result.report as Refused[]) : [];
  const sha = typeof result.report_sha256 === 'string' ? result.report_sha256 : null;
  return (
    <>
      <dl className={styles.counts}>
        {COUNTS.map((name) => (
          <div key={name} data-tone={name === 'refused' && count(name) > 0 ? 'bad' : undefined}>
            <dt>{t(dry && (name === 'created' || name === 'changed') ? `import.would_${name}` : `import.${name}`)}</dt>
            <dd>{number(count(name))}</dd>
          </div>
        ))}
      </dl>
      {report.length > 0 && (
        <div className={styles.scroll} tabIndex={0} role="region" aria-label={t('import.report')}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th>{t('import.line')}</th>
                <th>{t('import.column')}</th>
                <th>{t('import.problem')}</th>
              </tr>
            </thead>
            <tbody>
              {report.map((one, index) => (
                <tr key={index}>
                  <td>{number(one.line)}</td>
                  <td>{one.field}</td>
                  <td>{saidAll(one.said)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {sha && (
        <p>
          <a href={`attachments/${sha}`} download="refused.csv">
            {t('import.download_refused')}
          </a>
        </p>
      )}
    </>
  );
}

function Earlier({ turn }: { turn: string }) {
  const t = useT();
  const { value, reload } = useLoaded(() => call('task.list', { limit: 20 }));
  useEffect(() => {
    if (turn !== '') reload();
  }, [turn, reload]);
  const rows = (value?.tasks ?? []).filter((task) => task.kind === 'import');
  if (rows.length === 0) return null;
  return (
    <Card title={t('import.earlier')}>
      <div className={styles.scroll} tabIndex={0} role="region" aria-label={t('import.earlier')}>
        <table className={styles.table}>
          <tbody>
            {rows.map((task) => {
              const at = millis(task.created_at);
              return (
                <tr key={task.id}>
                  <td>{task.title || t(`task.kind.${task.kind}`)}</td>
                  <td>{t(`task.${task.state}`)}</td>
                  <td>{at === null ? '' : dateTime(at)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
