import type { Entry } from '@throughline/protocol';
import { MapPin, Sticker } from 'lucide-react';
import { useT } from '../i18n/index.ts';
import { count, text } from './payload.ts';
import styles from './MessageExtra.module.css';

/** What messengers send beside text: a sticker, a place. */
export function MessageExtra({ entry }: { entry: Entry }) {
  const t = useT();
  const type = text(entry, 'type');
  if (type === 'sticker') {
    const words = Array.isArray(entry.payload?.keywords) ? entry.payload.keywords.join(', ') : text(entry, 'keywords');
    return <p className={styles.extra}><Sticker size={18} aria-hidden /> {t('message.sticker')}{words && ` · ${words}`}</p>;
  }
  if (type === 'location') {
    const latitude = count(entry, 'latitude');
    const longitude = count(entry, 'longitude');
    const name = text(entry, 'title') ?? text(entry, 'name') ?? text(entry, 'address') ?? t('message.location');
    const href = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`;
    return (
      <p className={styles.extra}>
        <MapPin size={18} aria-hidden />
        {latitude !== null && longitude !== null ? <a href={href} target="_blank" rel="noopener noreferrer">{name}</a> : name}
      </p>
    );
  }
  return null;
}
