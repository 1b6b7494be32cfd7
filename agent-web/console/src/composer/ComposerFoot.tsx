import { CalendarClock, ChevronDown, CircleCheckBig, Clock, Maximize2, Minimize2, Paperclip, SendHorizontal } from 'lucide-react';
import { useRef } from 'react';
import { useT } from '../i18n/index.ts';
import { dateTime, number } from '../lib/format.ts';
import { Button } from '../ui/Button.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { Menu } from '../ui/Menu.tsx';
import { Tip } from '../ui/Tip.tsx';
import { toggleFull } from './full.ts';
import { planChoices } from './planned.ts';
import { EmojiButton } from './emoji/EmojiButton.tsx';
import styles from './ComposerFoot.module.css';

/** Sends, and is done with the conversation. */
export interface Endings {
  resolve: () => void;
  snooze: () => void;
  /** Sends it at a time: that one, or one that is asked for. */
  plan: (at: Date) => void;
  planAt: () => void;
}

interface Props {
  full: boolean;
  note: boolean;
  ready: boolean;
  /** Goes as soon as the files are there. */
  waits: boolean;
  /** How much longer the text may become; null: no limit. */
  left: number | null;
  unit: string;
  takesFiles: boolean;
  /** How many, how large. */
  filesHint: string;
  /** Where the editor puts its buttons. */
  toolsRef: (element: HTMLElement | null) => void;
  onEmoji: (emoji: string) => void;
  onFiles: (files: Iterable<File>) => void;
  onSend: () => void;
  endings: Endings;
}

const NEAR = 200;

export function ComposerFoot({ full, note, ready, waits, left, unit, takesFiles, filesHint, toolsRef, onEmoji, onFiles, onSend, endings }: Props) {
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
        label={takesFiles ? t('composer.attach') : t('composer.no_files')}
        note={takesFiles ? filesHint : undefined}
        disabled={!takesFiles}
        small
        onClick={() => picker.current?.click()}
      />
      <EmojiButton onPick={onEmoji} />
      <div ref={toolsRef} className={styles.tools} />
      <IconButton icon={full ? Minimize2 : Maximize2} label={t(full ? 'composer.smaller' : 'composer.full')} keys="mod+shift+e" small onClick={toggleFull} />
      <span className={styles.rest} />
      {waits && (
        <span className={styles.left} role="status">
          {t('composer.waits')}
        </span>
      )}
      {left !== null && left < NEAR && (
        <span className={styles.left} data-near data-over={left < 0 || undefined} role={left < 0 ? 'alert' : undefined}>
          {left < 0 ? t('composer.too_long', { n: number(-left) }) : t(unit === 'bytes' ? 'composer.bytes_left' : 'composer.left', { n: number(left) })}
        </span>
      )}
      <span className={styles.split}>
        <Tip text={t(note ? 'composer.add_note' : 'composer.send')} keys="mod+enter">
          <Button look="primary" icon={SendHorizontal} disabled={!ready} onClick={onSend}>
            {t(note ? 'composer.add_note' : 'composer.send')}
          </Button>
        </Tip>
        {!note && (
          <Menu
            side="top"
            align="end"
            items={[
              { id: 'resolve', name: t('composer.send_resolve'), icon: CircleCheckBig, keys: 'mod+shift+enter', run: endings.resolve },
              { id: 'snooze', name: t('composer.send_snooze'), icon: Clock, keys: 'mod+alt+enter', run: endings.snooze },
              'line',
              ...planChoices().map(({ id, name, until }) => ({
                id,
                name: t('composer.send_at', { at: name }),
                icon: CalendarClock,
                detail: dateTime(until.getTime()),
                run: () => endings.plan(until),
              })),
              { id: 'plan', name: t('composer.send_when'), icon: CalendarClock, run: endings.planAt },
            ]}
          >
            <Button look="primary" icon={ChevronDown} disabled={!ready} aria-label={t('composer.send_and')} title={t('composer.send_and')} />
          </Menu>
        )}
      </span>
    </div>
  );
}
