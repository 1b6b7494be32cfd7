import { ImageOff } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Entry } from '@throughline/protocol';
import { useT } from '../i18n/index.ts';
import { Button } from '../ui/Button.tsx';
import { cleanMail } from './mail.ts';
import styles from './MailFrame.module.css';

/** Kept while the page lasts, so that a row that scrolls back in has its height at once. */
const heights = new Map<string, number>();
const imagesShown = new Set<string>();
const FIRST_HEIGHT = 120;

export default function MailFrame({ entry }: { entry: Entry }) {
  const t = useT();
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState(heights.get(entry.id) ?? FIRST_HEIGHT);
  const [images, setImages] = useState(imagesShown.has(entry.id));
  const mail = useMemo(() => cleanMail(entry.html ?? '', entry.attachments ?? [], images, t('text.quote')), [entry.html, entry.attachments, images, t]);

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    let observer: ResizeObserver | undefined;
    const measure = () => {
      const body = element.contentDocument?.body;
      if (!body) return;
      const next = Math.ceil(body.getBoundingClientRect().height);
      heights.set(entry.id, next);
      setHeight(next);
    };
    const loaded = () => {
      observer?.disconnect();
      const body = element.contentDocument?.body;
      if (!body) return;
      observer = new ResizeObserver(measure);
      observer.observe(body);
      measure();
    };
    element.addEventListener('load', loaded);
    if (element.contentDocument?.readyState === 'complete') loaded();
    return () => {
      element.removeEventListener('load', loaded);
      observer?.disconnect();
    };
  }, [entry.id, mail.document]);

  const showImages = () => {
    imagesShown.add(entry.id);
    setImages(true);
  };
  return (
    <div className={styles.mail}>
      {mail.remote && !images && (
        <p className={styles.blocked}>
          <ImageOff size={14} aria-hidden /> <span>{t('mail.images_blocked')}</span>
          <Button small look="quiet" onClick={showImages}>
            {t('mail.show_images')}
          </Button>
        </p>
      )}
      <iframe
        ref={frame}
        className={styles.frame}
        title={t('mail.frame', { subject: entry.subject ?? '' })}
        sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
        srcDoc={mail.document}
        style={{ height }}
      />
    </div>
  );
}
