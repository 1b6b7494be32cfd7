import { useEffect, useState, type RefObject } from 'react';
import { onward } from '../../i18n/direction.ts';
import { useT } from '../../i18n/index.ts';
import type { Box } from '../box.ts';
import { emojis, findEmojis, usedEmoji, type Emoji as One } from './emojis.ts';
import styles from './Emoji.module.css';

const CODE = /(?:^|\s):([\p{L}\d_+-]{2,30})$/u;
const OFFERED = 5;

interface Props {
  box: RefObject<Box | null>;
  /** What is typed: at every change it is looked at again. */
  words: string;
  onOffered: (offered: boolean) => void;
}

/** ":smile" becomes what it means: Enter or Tab takes the chosen one, Escape none. */
export function Emoji({ box, words, onOffered }: Props) {
  const t = useT();
  const [offer, setOffer] = useState<{ code: string; found: readonly One[]; at: number } | null>(null);

  useEffect(() => {
    const code = words.includes(':') ? CODE.exec(box.current?.before() ?? '')?.[1] : undefined;
    if (!code) return setOffer(null);
    let current = true;
    emojis().then(
      (all) => {
        if (!current) return;
        const found = findEmojis(all, code, OFFERED);
        setOffer(found.length > 0 ? { code, found, at: 0 } : null);
      },
      () => {},
    );
    return () => void (current = false);
  }, [words, box]);

  useEffect(() => onOffered(offer !== null), [offer, onOffered]);

  const take = (one: One, code: string) => {
    usedEmoji(one.char);
    box.current?.insert(one.char, code.length + 1);
    setOffer(null);
  };

  useEffect(() => {
    if (!offer) return;
    const { code, found, at } = offer;
    // Before the box itself, which would begin a line.
    const listen = (event: KeyboardEvent) => {
      const step = { ArrowRight: onward(), ArrowLeft: -onward(), ArrowDown: 1, ArrowUp: -1 }[event.key];
      const chosen = found[at];
      if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 'Escape') setOffer(null);
      else if ((event.key === 'Enter' || event.key === 'Tab') && chosen) take(chosen, code);
      else if (step) setOffer({ code, found, at: (at + step + found.length) % found.length });
      else return;
      event.preventDefault();
      event.stopPropagation();
    };
    window.addEventListener('keydown', listen, true);
    return () => window.removeEventListener('keydown', listen, true);
  });

  if (!offer) return null;
  return (
    <div className={styles.offer} role="listbox" aria-label={t('emoji.offered')}>
      {offer.found.map((one, index) => (
        <button
          key={one.char}
          type="button"
          role="option"
          aria-selected={index === offer.at}
          tabIndex={-1}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => take(one, offer.code)}
        >
          <span aria-hidden>{one.char}</span> {one.codes[0] ? `:${one.codes[0]}:` : one.name}
        </button>
      ))}
    </div>
  );
}
