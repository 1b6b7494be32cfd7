import { CircleAlert, CircleCheckBig, CircleSlash, X } from 'lucide-react';
import type { Task } from '@throughline/protocol';
import { call } from '../connection/client.ts';
import { useT } from '../i18n/index.ts';
import { saidAll } from '../i18n/said.ts';
import { number } from '../lib/format.ts';
import { Button } from '../ui/Button.tsx';
import { toastError } from '../ui/toasts.ts';
import { isOver } from './tasks.ts';
import styles from './TaskProgress.module.css';

const ICONS = { done: CircleCheckBig, failed: CircleAlert, cancelled: CircleSlash };

export function TaskProgress({ task }: { task: Task }) {
  const t = useT();
  const { state, done, total, error } = task;
  const Icon = state === 'waiting' || state === 'running' ? null : ICONS[state];
  const known = total !== null && total > 0;
  return (
    <div className={styles.task} data-state={state}>
      <p role="status" className={styles.words}>
        {Icon && <Icon size={16} aria-hidden />}
        <span>
          {t(`task.${state}`)}
          {state === 'running' && known && ` · ${t('task.of', { done: number(done ?? 0), total: number(total) })}`}
        </span>
        {!isOver(task) && (
          <Button small look="quiet" icon={X} onClick={() => void call('task.cancel', { id: task.id }).catch(toastError)}>
            {t('task.cancel')}
          </Button>
        )}
      </p>
      {!isOver(task) && <progress aria-label={t(`task.${state}`)} {...(known ? { value: done ?? 0, max: total } : {})} />}
      {error.length > 0 && (
        <p className={styles.error} role="alert">
          {saidAll(error)}
        </p>
      )}
    </div>
  );
}
