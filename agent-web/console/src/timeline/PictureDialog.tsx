import { ChevronLeft, ChevronRight, Download, X, ZoomIn, ZoomOut } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { useState, type KeyboardEvent } from 'react';
import type { Attachment } from '@throughline/protocol';
import { onward } from '../i18n/direction.ts';
import { useT } from '../i18n/index.ts';
import { bytes } from '../lib/format.ts';
import { IconButton } from '../ui/IconButton.tsx';
import overlay from '../ui/overlay.module.css';
import { fileHref } from './fileHref.ts';
import { smallCopy } from './pictures.ts';
import styles from './PictureDialog.module.css';

/** Of what fits into the window. */
const ZOOMS = [1, 1.5, 2, 3, 4, 6];

/** The pictures of an entry, one at a time. */
export function PictureDialog({ pictures, at, onClose }: { pictures: readonly Attachment[]; at: number; onClose: () => void }) {
  const t = useT();
  const [index, setIndex] = useState(at);
  const [zoom, setZoom] = useState(0);
  const picture = pictures[index];
  if (!picture?.url) return null;
  const name = picture.name || t('file.unnamed');
  const several = pictures.length > 1;
  const go = (by: number): void => {
    setIndex((now) => (now + by + pictures.length) % pictures.length);
    setZoom(0);
  };
  const larger = (by: number): void => setZoom((now) => Math.min(ZOOMS.length - 1, Math.max(0, now + by)));
  const onKeyDown = (event: KeyboardEvent): void => {
    const act = keyed(event, { go, larger, fit: () => setZoom(0) });
    if (!act) return;
    event.preventDefault();
    act();
  };
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className={overlay.scrim} />
        <Radix.Content
          className={styles.viewer}
          aria-describedby={undefined}
          onKeyDown={onKeyDown}
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            (event.currentTarget as HTMLElement).focus();
          }}
        >
          <header className={styles.head}>
            <Radix.Title className={styles.title}>
              <bdi>{name}</bdi>
            </Radix.Title>
            {several && (
              <span className={styles.count} role="status">
                {t('picture.of', { i: index + 1, n: pictures.length })}
              </span>
            )}
            <IconButton icon={ZoomOut} label={t('picture.smaller')} keys="-" small disabled={zoom === 0} onClick={() => larger(-1)} />
            <IconButton icon={ZoomIn} label={t('picture.larger')} keys="+" small disabled={zoom === ZOOMS.length - 1} onClick={() => larger(1)} />
            <span className={styles.count}>{bytes(picture.size ?? 0)}</span>
            <a
              className={styles.save}
              href={fileHref(picture, picture.url)}
              download={name}
              aria-label={t('file.save', { name })}
              title={t('file.save', { name })}
            >
              <Download size={16} aria-hidden />
            </a>
            <IconButton icon={X} label={t('ui.close')} small onClick={onClose} />
          </header>
          <Shown key={picture.sha256} url={picture.url} name={name} zoom={ZOOMS[zoom] ?? 1} />
          {several && (
            <>
              <IconButton className={`${styles.turn} ${styles.before}`} icon={ChevronLeft} label={t('picture.before')} keys="←" onClick={() => go(-1)} />
              <IconButton className={`${styles.turn} ${styles.next}`} icon={ChevronRight} label={t('picture.next')} keys="→" onClick={() => go(1)} />
            </>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface Acts {
  go: (by: number) => void;
  larger: (by: number) => void;
  fit: () => void;
}

/** What a key does here. While the picture is larger than the window arrows move it, when it has the focus. */
function keyed({ key, target, currentTarget, ctrlKey, metaKey, altKey }: KeyboardEvent, { go, larger, fit }: Acts): (() => void) | undefined {
  if (ctrlKey || metaKey || altKey) return undefined;
  const moves = target !== currentTarget && (target as HTMLElement).dataset['moves'] === 'true';
  const acts: Record<string, () => void> = {
    ...(moves ? {} : { ArrowLeft: () => go(-onward()), ArrowRight: () => go(onward()) }),
    '+': () => larger(1),
    '=': () => larger(1),
    '-': () => larger(-1),
    '0': fit,
  };
  return acts[key];
}

function Shown({ url, name, zoom }: { url: string; name: string; zoom: number }) {
  const t = useT();
  const [state, setState] = useState<'comes' | 'here' | 'none'>('comes');
  if (state === 'none') return <p className={styles.none}>{t('picture.none')}</p>;
  return (
    // What can be scrolled must be reached by the keyboard.
    <div className={styles.stage} role="group" aria-label={name} tabIndex={zoom > 1 ? 0 : -1} data-moves={zoom > 1} aria-busy={state === 'comes'}>
      <img
        src={smallCopy(url, 'large')}
        alt={name}
        style={{ inlineSize: `${zoom * 100}%`, blockSize: `${zoom * 100}%`, objectFit: zoom === 1 ? 'scale-down' : 'contain' }}
        onLoad={() => setState('here')}
        onError={() => setState('none')}
      />
    </div>
  );
}
