import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { onward } from '../../i18n/direction.ts';
import { useT } from '../../i18n/index.ts';
import { emojis, findEmojis, recentEmojis, usedEmoji, type Emoji } from './emojis.ts';
import styles from './Emoji.module.css';

/** All emoji, found by their names; arrows walk through them. */
export default function EmojiPicker({ onPick }: { onPick: (emoji: string) => void }) {
  const t = useT();
  const [all, setAll] = useState<readonly Emoji[] | null>(null);
  const [failed, setFailed] = useState(false);
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const grid = useRef<HTMLDivElement>(null);
  useEffect(() => {
    emojis().then(setAll, () => setFailed(true));
  }, []);
  const recent = recentEmojis();
  const shown =
    all === null
      ? []
      : query === ''
        ? [...recent.flatMap((char) => all.find((one) => one.char === char) ?? []), ...all.filter(({ char }) => !recent.includes(char))]
        : findEmojis(all, query);
  const current = shown[Math.min(at, shown.length - 1)];
  const pick = (char: string) => {
    usedEmoji(char);
    onPick(char);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const cells = grid.current?.children;
    const columns = cells ? [...cells].findIndex((cell, index) => index > 0 && (cell as HTMLElement).offsetTop !== (cells[0] as HTMLElement).offsetTop) : 1;
    const step = { ArrowRight: onward(), ArrowLeft: -onward(), ArrowDown: columns < 1 ? 1 : columns, ArrowUp: columns < 1 ? -1 : -columns }[event.key];
    if (event.key === 'Enter' && current && !event.nativeEvent.isComposing) {
      event.preventDefault();
      pick(current.char);
    } else if (step && (query === '' || event.key.endsWith('n') || event.key.endsWith('p'))) {
      event.preventDefault();
      const next = Math.min(shown.length - 1, Math.max(0, at + step));
      setAt(next);
      cells?.[next]?.scrollIntoView({ block: 'nearest' });
    }
  };
  return (
    <div className={styles.picker} onKeyDown={onKeyDown}>
      <input
        autoFocus
        role="combobox"
        aria-expanded
        aria-controls="emoji-list"
        aria-activedescendant={current && `emoji-${current.char}`}
        aria-label={t('emoji.find')}
        placeholder={t('emoji.find')}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
        }}
      />
      <div ref={grid} id="emoji-list" className={styles.grid} role="listbox" aria-label={t('emoji.insert')}>
        {shown.map(({ char, name }, index) => (
          <button
            key={char}
            id={`emoji-${char}`}
            type="button"
            role="option"
            aria-selected={index === at}
            aria-label={name}
            tabIndex={-1}
            onMouseEnter={() => setAt(index)}
            onClick={() => pick(char)}
          >
            {char}
          </button>
        ))}
      </div>
      <p className={styles.name} role="status">
        {failed ? t('emoji.failed') : all === null ? t('emoji.loading') : (current?.name ?? t('emoji.none'))}
      </p>
    </div>
  );
}
