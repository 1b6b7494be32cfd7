import type { Entry } from '@throughline/protocol';
import { Contact, File, Image, MapPin, Mic, Sticker, Video, type LucideIcon } from 'lucide-react';
import { useDirectory } from '../directory/directory.ts';
import { useT } from '../i18n/index.ts';
import { bytes } from '../lib/format.ts';
import { LinkedText } from './LinkedText.tsx';
import { count, entryText, text } from './payload.ts';
import styles from './MessageExtra.module.css';

const ICONS: Record<string, LucideIcon> = {
  sticker: Sticker,
  location: MapPin,
  image: Image,
  video: Video,
  audio: Mic,
  voice: Mic,
  file: File,
  document: File,
  contacts: Contact,
};

/** What messengers send beside plain text: its text only says what it is, so the picture of it stands before. */
export const isExtra = (entry: Entry): boolean => (text(entry, 'type') ?? '') in ICONS && !isSeen(entry);

/** The file of it is here: nothing need say what it is. */
const isSeen = (entry: Entry): boolean => Boolean(entry.payload?.media) && (entry.attachments ?? []).some(({ url }) => url !== null);

export const isWordless = (entry: Entry): boolean => isSeen(entry) && Boolean(entry.payload?.said);

export function MessageExtra({ entry }: { entry: Entry }) {
  const t = useT();
  const { channelById } = useDirectory();
  const type = text(entry, 'type') ?? '';
  const Icon = ICONS[type] ?? File;
  const size = sizeOf(entry);
  return (
    <p className={styles.extra}>
      <Icon size={18} aria-hidden />
      <span>
        {type === 'sticker' ? (
          <Words entry={entry} />
        ) : type === 'location' ? (
          <Place entry={entry} />
        ) : (
          <LinkedText text={entryText(entry) || t('file.unnamed')} />
        )}
        {size !== null && <small> {bytes(size)}</small>}
        {isElsewhere(entry) && (
          <small className={styles.elsewhere}>{t('message.elsewhere', { channel: channelById.get(entry.channel_id ?? '')?.name ?? '' })}</small>
        )}
      </span>
    </p>
  );
}

/** The provider has it, and gives it to nobody without our password: no browser is given that. */
const isElsewhere = (entry: Entry): boolean => Boolean(entry.payload?.media) && text(entry, 'type') !== 'sticker' && (entry.attachments ?? []).length === 0;

function Words({ entry }: { entry: Entry }) {
  const t = useT();
  const words = entry.payload?.keywords;
  const list = Array.isArray(words) ? words.filter((word) => typeof word === 'string').join(t('ui.comma')) : '';
  return [t('message.sticker'), list].filter(Boolean).join(' · ');
}

function Place({ entry }: { entry: Entry }) {
  const t = useT();
  const [latitude, longitude] = [count(entry, 'latitude'), count(entry, 'longitude')];
  const name = [text(entry, 'name'), text(entry, 'address')].filter(Boolean).join(t('ui.comma')) || entry.text || t('message.location');
  if (latitude === null || longitude === null) return name;
  const href = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {name}
    </a>
  );
}

function sizeOf(entry: Entry): number | null {
  const media = entry.payload?.media as { size?: unknown } | null | undefined;
  return typeof media?.size === 'number' ? media.size : null;
}
