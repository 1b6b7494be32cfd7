import { X } from 'lucide-react';
import type { Upload } from '@throughline/protocol';
import { useT } from '../i18n/index.ts';
import { bytes } from '../lib/format.ts';
import { useStore } from '../lib/store.ts';
import { fileIcon } from '../timeline/Attachments.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { draftOf } from './drafts.ts';
import { isWebPicture } from './pictures.ts';
import { dropUpload, uploads } from './uploads.ts';
import styles from './Files.module.css';

interface Props {
  customerId: string;
  files: readonly Upload[];
  /** Why the chosen channel does not take them. */
  unusable: string | null;
}

export function Files({ customerId, files, unusable }: Props) {
  const t = useT();
  const rising = useStore(uploads).filter((one) => one.customerId === customerId);
  if (files.length === 0 && rising.length === 0) return null;
  const remove = (upload: string) => draftOf(customerId).set((draft) => ({ ...draft, files: draft.files.filter((file) => file.upload !== upload) }));
  return (
    <>
      <ul className={styles.files} data-unusable={unusable !== null || undefined}>
        {files.map((file) => {
          const Icon = fileIcon(file.type);
          const name = file.name ?? t('file.unnamed');
          return (
            <li key={file.upload} className={styles.file}>
              {isWebPicture(file) ? <img src={file.url} alt="" /> : <Icon size={18} aria-hidden />}
              <bdi className={styles.name}>{name}</bdi>
              <span className={styles.size}>{bytes(file.size ?? 0)}</span>
              <IconButton icon={X} label={t('file.remove', { name })} small onClick={() => remove(file.upload)} />
            </li>
          );
        })}
        {rising.map((one) => (
          <li key={one.id} className={styles.file} data-failed={one.error !== null || undefined}>
            {one.preview !== null && <img src={one.preview} alt="" />}
            <bdi className={styles.name}>{one.name}</bdi>
            {one.error === null && <span className={styles.size}>{bytes(one.size)}</span>}
            {one.error ?? (one.waits ? t('file.waits') : <progress value={one.progress} aria-label={t('file.uploading', { name: one.name })} />)}
            <IconButton icon={X} label={t('file.remove', { name: one.name })} small onClick={() => dropUpload(one.id)} />
          </li>
        ))}
      </ul>
      {unusable !== null && files.length > 0 && (
        <p className={styles.warning} role="alert">
          {unusable}
        </p>
      )}
    </>
  );
}
