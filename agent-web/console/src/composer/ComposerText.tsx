import { useLayoutEffect, useRef, type KeyboardEvent, type Ref } from 'react';
import type { Way } from '@throughline/protocol';
import { useT } from '../i18n/index.ts';
import type { Person } from '../timeline/person.ts';
import { mediumName } from '../ui/medium.ts';
import type { Endings } from './ComposerFoot.tsx';
import { draftOf, type Draft } from './drafts.ts';
import { me } from '../session/session.ts';
import { toggleFull } from './full.ts';
import { newestNews } from './news.ts';
import { roomFor } from './room.ts';
import { stopTyping, typing } from './presence.ts';
import styles from './ComposerText.module.css';
import { personName } from '../lib/personName.ts';

interface Props {
  ref: Ref<HTMLTextAreaElement>;
  person: Person;
  draft: Draft;
  way: Way | null;
  onSend: () => void;
  endings: Endings;
  onWays: () => void;
  full: boolean;
  /** What else takes room in the box. */
  rest: string;
}

export function ComposerText({ ref, person, draft, way, onSend, endings, onWays, full, rest }: Props) {
  const t = useT();
  const own = useRef<HTMLTextAreaElement | null>(null);
  const store = draftOf(person.id);
  const note = draft.mode === 'note';
  const value = note ? draft.note : draft.text;
  const name = person.customer?.name ? personName(person.customer.name) : '';

  useLayoutEffect(() => {
    const element = own.current;
    if (!element) return;
    const fit = () => {
      element.style.height = full ? '' : '0';
      if (!full) element.style.height = `${Math.min(element.scrollHeight, roomFor(element))}px`;
    };
    fit();
    window.addEventListener('resize', fit);
    return () => window.removeEventListener('resize', fit);
  }, [value, draft.mode, full, rest]);

  const onChange = (words: string) => {
    if (note) return store.patch({ note: words });
    store.patch({ text: words, seen: words === '' ? null : (draft.seen ?? newestNews(person.entries, me()?.id ?? null)?.id ?? '') });
    if (words === '') stopTyping(person.id);
    else typing(person.id);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (event.shiftKey && !note) endings.resolve();
      else if (event.altKey && !note) endings.snooze();
      else onSend();
    } else if (event.altKey && event.key === 'ArrowDown' && !note) {
      event.preventDefault();
      onWays();
    } else if (event.key.toLowerCase() === 'e' && (event.ctrlKey || event.metaKey) && event.shiftKey) {
      event.preventDefault();
      toggleFull();
    } else if (event.key === 'Escape' && full) {
      toggleFull();
    } else if (event.key === 'Escape') {
      event.currentTarget.blur();
    }
  };
  const asks = note
    ? t('composer.ask_note')
    : way
      ? t(draft.fresh ? 'composer.ask_fresh' : name ? 'composer.ask_reply' : 'composer.ask_reply_unknown', { name, by: mediumName(way.medium) })
      : person.ways
        ? t('composer.none_open')
        : '';
  return (
    <textarea
      ref={(element) => {
        own.current = element;
        if (typeof ref === 'function') ref(element);
        else if (ref) ref.current = element;
      }}
      className={styles.text}
      dir="auto"
      rows={2}
      aria-label={t(note ? 'composer.note_label' : 'composer.reply_label')}
      placeholder={asks}
      value={value}
      disabled={!note && way === null && person.ways !== null}
      onChange={(event) => onChange(event.target.value)}
      onBlur={() => stopTyping(person.id)}
      onKeyDown={onKeyDown}
    />
  );
}
