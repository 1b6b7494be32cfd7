import { File, FileArchive, FileAudio, FileImage, FileSpreadsheet, FileText, FileVideo, Mail, ShieldQuestion, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import type { Attachment } from '@throughline/protocol';
import { openDialog } from '../app/dialogs.ts';
import { useT } from '../i18n/index.ts';
import { bytes } from '../lib/format.ts';
import { fileHref } from './fileHref.ts';
import { KeptBack } from './KeptBack.tsx';
import { isKeptBack } from './keptBack.ts';
import { NotHere } from './NotHere.tsx';
import { isPicture, openPicture, smallCopy } from './pictures.ts';
import styles from './Attachments.module.css';

const ICONS: [RegExp, LucideIcon][] = [
  [/^image\//, FileImage],
  [/^audio\//, FileAudio],
  [/^video\//, FileVideo],
  [/zip|compressed|tar/, FileArchive],
  [/csv|sheet|excel/, FileSpreadsheet],
  [/^text\/|pdf|word|document/, FileText],
];

/** Played here, and saved by the player's own menu. */
const PLAYED = /^(audio\/(mpeg|mp4|ogg|wav|aac|webm)|video\/(mp4|webm))$/;
/** Opened as a mail. */
const MAIL = /^message\/(rfc822|global)$/;

export const fileIcon = (type: string): LucideIcon => ICONS.find(([pattern]) => pattern.test(type))?.[1] ?? File;

/** `of`: the entry that holds them. */
export function Attachments({ files, of }: { files: readonly Attachment[]; of: string }) {
  return (
    <ul className={styles.files}>
      {files.map((file, index) => (
        <li key={`${file.sha256}-${index}`}>
          <One file={file} of={of} all={files} />
        </li>
      ))}
    </ul>
  );
}

function One({ file, of, all }: { file: Attachment; of: string; all: readonly Attachment[] }) {
  const Icon = fileIcon(file.type);
  if (!file.url) return <NotHere file={file} of={of} Icon={Icon} />;
  return isKeptBack(file) ? <KeptBack file={file} of={of} Icon={Icon} /> : <Here file={file} url={file.url} of={of} all={all} />;
}

function Here({ file, url, of, all }: { file: Attachment; url: string; of: string; all: readonly Attachment[] }) {
  const t = useT();
  const Icon = fileIcon(file.type);
  const name = file.name || t('file.unnamed');
  const [asFile, setAsFile] = useState(false);
  const href = fileHref(file, url);
  const title = t('file.title', { name, sha: file.sha256 ?? '' });
  if (isPicture(file) && !asFile)
    return (
      <button type="button" className={styles.image} title={title} onClick={() => openPicture(all, file)}>
        <img src={smallCopy(url, 'small')} alt={name} loading="lazy" onError={() => setAsFile(true)} />
      </button>
    );
  if (PLAYED.test(file.type))
    return (
      <figure className={styles.played}>
        {file.type.startsWith('audio/') ? (
          <audio controls preload="none" src={href} aria-label={name} />
        ) : (
          <video controls preload="none" src={href} aria-label={name} />
        )}
        <figcaption>
          <a href={href} download={name} title={title}>
            {name}
          </a>{' '}
          <span className={styles.size}>{bytes(file.size ?? 0)}</span>
        </figcaption>
      </figure>
    );
  if (MAIL.test(file.type) || /\.eml$/i.test(name))
    return (
      <span className={styles.file} title={title}>
        <Mail size={18} aria-hidden />
        <button type="button" className={styles.open} onClick={() => openDialog({ type: 'mail', of, file })}>
          {name}
        </button>
        <a href={href} download={name} className={styles.size} aria-label={t('file.save', { name })}>
          {bytes(file.size ?? 0)}
        </a>
      </span>
    );
  return (
    <a href={href} download={name} className={styles.file} title={title}>
      <Icon size={18} aria-hidden />
      <span className={styles.name}>{name}</span>
      <span className={styles.size}>{bytes(file.size ?? 0)}</span>
      {file.scan === 'too_large' && <ShieldQuestion size={14} role="img" aria-label={t('file.too_large_to_scan')} />}
    </a>
  );
}
