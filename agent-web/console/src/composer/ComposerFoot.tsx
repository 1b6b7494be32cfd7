import { Paperclip, SendHorizontal } from 'lucide-react';
import { useRef } from 'react';
import { useT } from '../i18n/index.ts';
import { number } from '../lib/format.ts';
import { Button } from '../ui/Button.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { Tip } from '../ui/Tip.tsx';
import styles from './ComposerFoot.module.css';

interface Props {
  note: boolean;
  ready: boolean;
  /** Goes as soon as the files are there. */
  waits: boolean;
  /** How much longer the text may become; null: no limit. */
  left: number | null;
  unit: string;
  takesFiles: boolean;
  onFiles: (files: Iterable<File>) => void;
  onSend: () => void;
}

const NEAR = 200;

export function ComposerFoot({ note, ready, waits, left, unit, takesFiles, onFiles, onSend }: Props) {
  const t = useT();
  const picker = useRef<HTMLInputElement>(null);
  return (
    <div className={styles.foot}>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
      <IconButton
        icon={Paperclip}
        label={t(takesFiles ? 'composer.attach' : 'composer.no_files')}
        disabled={!takesFiles}
        small
        onClick={() => picker.current?.click()}
      />
      <span className={styles.rest} />
      {waits && (
        <span className={styles.left} role="status">
          {t('composer.waits')}
        </span>
      )}
      {left !== null && (
        <span className={styles.left} data-near={left < NEAR || undefined} data-over={left < 0 || undefined} role={left < 0 ? 'alert' : undefined}>
          {left < 0 ? t('composer.too_long', { n: number(-left) }) : t(unit === 'bytes' ? 'composer.bytes_left' : 'composer.left', { n: number(left) })}
        </span>
      )}
      <Tip text={t(note ? 'composer.add_note' : 'composer.send')} keys="mod+enter">
        <Button look="primary" icon={SendHorizontal} disabled={!ready} onClick={onSend}>
          {t(note ? 'composer.add_note' : 'composer.send')}
        </Button>
      </Tip>
    </div>
  );
}
