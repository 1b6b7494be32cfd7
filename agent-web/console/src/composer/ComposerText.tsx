import { useImperativeHandle, useLayoutEffect, useRef, useState, type Ref } from 'react';
import type { Way } from '@throughline/protocol';
import { useT } from '../i18n/index.ts';
import type { Person } from '../timeline/person.ts';
import { mediumName } from '../ui/medium.ts';
import { textBox, type Box } from './box.ts';
import type { Endings } from './ComposerFoot.tsx';
import { draftOf, type Draft } from './drafts.ts';
import { asFiles } from './pictures.ts';
import { Emoji } from './emoji/Emoji.tsx';
import { me } from '../session/session.ts';
import { toggleFull } from './full.ts';
import { newestNews } from './news.ts';
import { roomFor, whenRoomChanges } from './room.ts';
import { stopTyping, typing } from './presence.ts';
import { useEditor } from './useEditor.ts';
import { wordsBy } from './ways.ts';
import styles from './ComposerText.module.css';
import { personName } from '../lib/personName.ts';

interface Props {
  ref: Ref<Box>;
  person: Person;
  draft: Draft;
  way: Way | null;
  /** Where the editor's buttons go. */
  tools: HTMLElement | null;
  onSend: () => void;
  endings: Endings;
  onWays: () => void;
  /** Puts pictures among the words; null: the way shows none there. */
  onPictures: ((files: Iterable<File>) => void) | null;
  full: boolean;
}

export function ComposerText({ ref, person, draft, way, tools, onSend, endings, onWays, onPictures, full }: Props) {
  const t = useT();
  const host = useRef<HTMLDivElement>(null);
  const area = useRef<HTMLTextAreaElement | null>(null);
  const box = useRef<Box | null>(null);
  const [offered, setOffered] = useState(false);
  const store = draftOf(person.id);
  const note = draft.mode === 'note';
  const value = wordsBy(draft, way).words;
  const name = person.customer?.name ? personName(person.customer.name) : '';
  const { Editor, caret, load } = useEditor(!note && way !== null && way.rich !== 'none', area);

  useLayoutEffect(() => {
    const element = Editor ? host.current?.querySelector<HTMLElement>('[data-room]') : area.current;
    if (!element) return;
    const fit = () => {
      element.style.height = full ? '' : '0';
      if (!full) element.style.height = `${Math.min(element.scrollHeight, roomFor(element))}px`;
    };
    fit();
    element.addEventListener('load', fit, true); // of a picture, which does not bubble
    const unfollow = whenRoomChanges(element, fit);
    return () => {
      element.removeEventListener('load', fit, true);
      unfollow();
    };
  }, [value, draft.mode, full, Editor]);

  useImperativeHandle(ref, () => ({
    focus: () => box.current?.focus(),
    blur: () => box.current?.blur(),
    before: () => box.current?.before() ?? '',
    insert: (text, instead) => box.current?.insert(text, instead),
    place: (cid, name) => box.current?.place(cid, name) ?? false,
  }));

  /** Of what is typed into the text box: until the editor is here, Markdown is read as it is written. */
  const partOf = (words: string): Partial<Draft> =>
    words === '' || way?.rich === 'none' ? { rich: false, plain: '', files: asFiles(draft) } : draft.rich ? { plain: words } : {};
  const onChange = (words: string, part: Partial<Draft>) => {
    if (note) return store.patch({ note: words });
    store.patch({ text: words, seen: words === '' ? null : (draft.seen ?? newestNews(person.entries, me()?.id ?? null)?.id ?? ''), ...part });
    if (words === '') stopTyping(person.id);
    else typing(person.id);
  };
  /** True: the key is dealt with. */
  const onKey = (event: globalThis.KeyboardEvent): boolean => {
    if (event.isComposing || event.defaultPrevented) return event.defaultPrevented;
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
    } else if (event.key === 'Escape' && full && !offered) {
      toggleFull();
    } else if (event.key === 'Escape' && !offered) {
      box.current?.blur();
    } else return false;
    return true;
  };
  const asks = note
    ? t('composer.ask_note')
    : way
      ? t(draft.fresh ? 'composer.ask_fresh' : name ? 'composer.ask_reply' : 'composer.ask_reply_unknown', { name, by: mediumName(way.medium) })
      : person.ways
        ? t('composer.none_open')
        : '';
  const common = { placeholder: asks, value, disabled: !note && way === null && person.ways !== null, onBlur: () => stopTyping(person.id) };
  const label = t(note ? 'composer.note_label' : 'composer.reply_label');
  return (
    <div ref={host} className={styles.host} data-text>
      {Editor ? (
        <Editor
          key={person.id}
          ref={box}
          {...common}
          label={label}
          rich={draft.rich}
          caret={caret}
          tools={tools}
          urlOf={(cid) => store.get().files.find((file) => file.cid === cid)?.url ?? null}
          onPictures={onPictures}
          onChange={(markdown, plain) => onChange(markdown, { rich: true, plain })}
          onKey={onKey}
        />
      ) : (
        <textarea
          ref={(element) => {
            area.current = element;
            box.current = element && textBox(element);
          }}
          className={styles.text}
          dir="auto"
          rows={2}
          aria-label={label}
          {...common}
          onFocus={load}
          onChange={(event) => onChange(event.target.value, partOf(event.target.value))}
          onKeyDown={(event) => void onKey(event.nativeEvent)}
        />
      )}
      <Emoji box={box} words={value} onOffered={setOffered} />
    </div>
  );
}
