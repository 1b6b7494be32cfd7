import { X } from 'lucide-react';
import { useT } from '../i18n/index.ts';
import { useStore } from '../lib/store.ts';
import { Button } from './Button.tsx';
import { dismiss, toasts } from './toasts.ts';
import styles from './Toasts.module.css';

export function Toasts() {
  const t = useT();
  const all = useStore(toasts);
  return (
    <div className={styles.toasts} role="status" aria-live="polite">
      {all.map((toast) => (
        <div key={toast.id} className={styles.toast} data-tone={toast.tone}>
          <span className={styles.text}>{toast.text}</span>
          {toast.action && (
            <button
              type="button"
              className={styles.action}
              onClick={() => {
                toast.action?.run();
                dismiss(toast.id);
              }}
            >
              {toast.action.name}
            </button>
          )}
          <Button look="quiet" small icon={X} className={styles.close} aria-label={t('ui.close')} onClick={() => dismiss(toast.id)} />
        </div>
      ))}
    </div>
  );
}
