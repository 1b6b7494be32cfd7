import { useEffect, useRef, useState, type ClipboardEvent, type DragEvent } from 'react';
import { contextNow } from '../actions/action.ts';
import { snoozedUntil, type Standing } from '../actions/conversation.ts';
import { composeFocus, jumpToNow } from '../actions/signals.ts';
import { useT } from '../i18n/index.ts';
import { askPlan, askSnooze } from '../palette/palette.ts';
import { useStore } from '../lib/store.ts';
import { nextAfter } from '../queue/next.ts';
import type { Person } from '../timeline/person.ts';
import type { Box } from './box.ts';
import { ComposerBars } from './ComposerBars.tsx';
import { ComposerFoot, type Endings } from './ComposerFoot.tsx';
import { ComposerHead } from './ComposerHead.tsx';
import { ComposerText } from './ComposerText.tsx';
import { clearDraft, draftOf, openDraft, type Draft } from './drafts.ts';
import { Files } from './Files.tsx';
import { composerFull } from './full.ts';
import { stopTyping } from './presence.ts';
import { send } from './sending.ts';
import { filesTooMuch, limitsOf, limitWords, refusal, longestText } from './limits.ts';
import { upload, uploads } from './uploads.ts';
import { answeredMail, copiesOf, senderOf } from './mail.ts';
import { MailHead } from './MailHead.tsx';
import { asFiles, filesOf, isWebPicture, showsPictures, withoutPictures } from './pictures.ts';
import { lengthOf, wordsBy } from './ways.ts';
import { SmsParts } from './SmsParts.tsx';
import { useWay } from './useWay.ts';
import styles from './Composer.module.css';

const isAmongWords = ({ target }: { target: EventTarget }): boolean => target instanceof Element && target.closest('[data-text]') !== null;

const filesTogether = (draft: Draft) => Object.values(filesOf(draft)).flat();

/** One box for every channel. */
export function Composer({ person }: { person: Person }) {
  const t = useT();
  const store = draftOf(person.id);
  const draft = useStore(store);
  const text = useRef<Box>(null);
  const [tools, setTools] = useState<HTMLElement | null>(null);
  const [waysOpen, setWaysOpen] = useState(false);
  const [over, setOver] = useState(false);
  const full = useStore(composerFull);
  const note = draft.mode === 'note';
  const way = useWay(person, draft);
  const { words, rich } = wordsBy(draft, way);
  const mail = answeredMail(person.entries, note ? null : way, draft);
  const busyFiles = useStore(uploads).some((one) => one.customerId === person.id && one.error === null);
  const sender = senderOf(draft, mail, way);
  const { cc, bcc, right } = copiesOf(draft, mail, way);
  const takesFiles = note || person.ways === null || (way?.has_attachments ?? false);
  const limits = limitsOf(note ? null : way);
  const inPlace = !note && showsPictures(way);
  const { within, beside } = filesOf(draft);
  const all = note ? beside : [...within, ...beside];
  const tooManyFiles = takesFiles ? filesTooMuch(limits, all) : t('composer.no_files');
  const longest = note ? 0 : longestText(way, all.length > 0);
  const left = longest && way ? longest - lengthOf(rich ? draft.plain : words, way.text_unit) : null;
  const ready =
    (note || (way?.usable === true && right)) &&
    (words.trim() !== '' || (!note && all.length > 0)) &&
    (left ?? 0) >= 0 &&
    !busyFiles &&
    (!takesFiles || tooManyFiles === null);

  const shownNow = useRef(person.id);
  useEffect(() => {
    shownNow.current = person.id;
  });
  useEffect(() => openDraft(person.id), [person.id]);
  useEffect(() => () => composerFull.set(false), [person.id]);
  useEffect(
    () =>
      composeFocus.on((mode) => {
        store.patch({ mode });
        requestAnimationFrame(() => text.current?.focus());
      }),
    [store],
  );

  // What comes while an answer is written is not answered by it, and whoever sends it does not choose who has the answer.
  const begun = !note && draft.text !== '' && draft.answers === null;
  useEffect(() => {
    if (begun && mail) store.patch({ answers: mail.id, cc });
  });

  // Who begins a conversation writes at once.
  const { fresh } = draft;
  useEffect(() => {
    if (fresh) requestAnimationFrame(() => text.current?.focus());
  }, [person.id, fresh]);

  // Whoever sends while files are on their way need not wait beside them.
  const [waiting, setWaiting] = useState<{ after: Standing | null; at: Date | null } | null>(null);
  const placing = useRef(false); // what changes the words then is no key of the agent's
  useEffect(() => {
    if (!placing.current) setWaiting(null);
    placing.current = false;
  }, [words, draft.mode, person.id]);
  useEffect(() => {
    if (waiting && ready) submit(waiting.after, waiting.at);
  });

  /** `after`: where the conversation shall stand then; `at`: when it goes. */
  const submit = (after: Standing | null = null, at: Date | null = null) => {
    if (!ready) return setWaiting(busyFiles ? { after, at } : null);
    setWaiting(null);
    const here = contextNow().conversation;
    const shown = inPlace ? { text: words, files: all } : withoutPictures(words, rich, all);
    send({
      customerId: person.id,
      kind: note ? 'note' : 'message',
      way: note ? null : way,
      subject: draft.subject,
      answers: mail?.id ?? null,
      cc,
      bcc,
      ...(way && way.senders.length > 1 && sender ? { from: sender.address } : {}),
      text: shown.text.trim(),
      ...(rich ? { plain: draft.plain.trim() } : {}),
      fresh: !note && draft.fresh,
      files: takesFiles ? shown.files : [],
      ...(at ? { sendAt: at.toISOString() } : {}),
      after,
      next: here && after ? nextAfter(here) : null,
    });
    clearDraft(person.id);
    composerFull.set(false);
    stopTyping(person.id);
    jumpToNow.emit();
    // Who goes on to the next shall not type into its box.
    if (after) text.current?.blur();
    else text.current?.focus();
  };
  const endings: Endings = {
    resolve: () => submit({ status: 'resolved', until: null }),
    snooze: () => (ready || busyFiles) && askSnooze((until) => submit(snoozedUntil(until))),
    plan: (at) => submit(null, at),
    planAt: () => (ready || busyFiles) && askPlan((at) => submit(null, at)),
  };
  const addFiles = (files: Iterable<File>, among = false) => {
    if (!takesFiles) return;
    const place = (cid: string, name: string) => {
      placing.current = shownNow.current === person.id && (text.current?.place(cid, name) ?? false);
      return placing.current;
    };
    for (const file of files) {
      const rising = uploads.get().filter((one) => one.customerId === person.id && one.error === null);
      const refused = refusal(limits, filesTogether(draftOf(person.id).get()), rising, file);
      upload(person.id, file, refused, among && inPlace && isWebPicture(file) ? place : null);
    }
  };
  const onPaste = (event: ClipboardEvent) => {
    // Words that are copied from a document bring their picture along.
    if (event.clipboardData.files.length === 0 || event.clipboardData.types.includes('text/plain')) return;
    event.preventDefault();
    addFiles(event.clipboardData.files, isAmongWords(event));
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    addFiles(event.dataTransfer.files, isAmongWords(event));
  };
  return (
    <section
      className={styles.composer}
      data-full={full || undefined}
      aria-label={t('composer.label')}
      onPaste={onPaste}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <ComposerBars person={person} draft={draft} way={way} />
      <div className={styles.box} data-mode={draft.mode} data-over={over || undefined}>
        <ComposerHead person={person} draft={draft} way={way} open={waysOpen} onOpen={setWaysOpen} />
        {!note && way?.has_subject && <MailHead person={person} draft={draft} way={way} mail={mail} />}
        <ComposerText
          ref={text}
          person={person}
          draft={draft}
          way={way}
          tools={tools}
          onSend={() => submit()}
          endings={endings}
          onWays={() => setWaysOpen(true)}
          onPictures={inPlace && takesFiles ? (files) => addFiles(files, true) : null}
          full={full}
        />
        {!note && sender?.signature && (
          <p className={styles.signature} title={t('composer.signature')} dir="auto">
            {sender.signature}
          </p>
        )}
        {!note && way?.medium === 'sms' && words !== '' && (
          <SmsParts text={words} onPlain={(text) => store.patch({ text, rich: false, plain: '', files: asFiles(draft) })} />
        )}
        <Files customerId={person.id} files={inPlace ? beside : all} unusable={tooManyFiles} />
        <ComposerFoot
          full={full}
          note={note}
          ready={ready}
          waits={waiting !== null}
          left={left}
          unit={way?.text_unit ?? ''}
          takesFiles={takesFiles}
          filesHint={limitWords(limits)}
          toolsRef={setTools}
          onEmoji={(emoji) => text.current?.insert(emoji)}
          onFiles={addFiles}
          onSend={() => submit()}
          endings={endings}
        />
      </div>
    </section>
  );
}
