import { Dialog as Radix } from 'radix-ui';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useT } from '../i18n/index.ts';
import { IconButton } from './IconButton.tsx';
import styles from './overlay.module.css';

interface Props {
  title: string;
  text?: string;
  wide?: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** Where one begins to type; the button that closes is not what one came for. */
function focusFirstField(event: Event): void {
  const content = event.currentTarget as HTMLElement;
  event.preventDefault();
  (content.querySelector<HTMLElement>('input, select, textarea') ?? content).focus();
}

export function Dialog({ title, text, wide, onClose, children }: Props) {
  const t = useT();
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className={styles.scrim} />
        <Radix.Content
          className={`${styles.dialog} ${wide ? styles.dialogWide : ''}`}
          onOpenAutoFocus={focusFirstField}
          {...(text ? {} : { 'aria-describedby': undefined })}
        >
          <div className={styles.dialogHead}>
            <div>
              <Radix.Title className={styles.dialogTitle}>{title}</Radix.Title>
              {text && <Radix.Description className={styles.dialogText}>{text}</Radix.Description>}
            </div>
            <IconButton icon={X} label={t('ui.close')} small onClick={onClose} />
          </div>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
