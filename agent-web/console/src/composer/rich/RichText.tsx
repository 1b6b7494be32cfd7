import { useEffect, useImperativeHandle, useLayoutEffect, useRef, useState, type Ref } from 'react';
import { createPortal } from 'react-dom';
import { Editor } from '@tiptap/core';
import type { Box, OnKey } from '../box.ts';
import { LinkForm } from './LinkForm.tsx';
import { fromMarkdown, fromPlain, toMarkdown } from './markdown.ts';
import { extensions, type UrlOf } from './schema.ts';
import { Tools } from './Tools.tsx';
import styles from './RichText.module.css';

interface Props {
  ref: Ref<Box>;
  /** Markdown, when `rich`; else plain text. */
  value: string;
  rich: boolean;
  label: string;
  placeholder: string;
  disabled: boolean;
  /** Where the caret stands in the plain text that was typed before this was here; null: nothing is typed here now. */
  caret: number | null;
  /** Where the buttons go. */
  tools: HTMLElement | null;
  urlOf: UrlOf;
  /** Puts pictures among the words; null: the channel shows none there. */
  onPictures: ((files: Iterable<File>) => void) | null;
  onChange: (markdown: string, plain: string) => void;
  onKey: OnKey;
  onBlur: () => void;
}

/** The key that makes a link of what is picked opens the palette where nothing is. */
const linksNow = (editor: Editor): boolean => !editor.state.selection.empty || editor.isActive('link');

const contentOf = (editor: Editor, value: string, rich: boolean) => (rich ? fromMarkdown(editor.schema, value) : fromPlain(value));

/** Of the plain text, a line a paragraph, as fromPlain makes it. */
const placeOf = (text: string, caret: number): number => caret + text.slice(0, caret).split('\n').length;

const boxOf = (editor: Editor): Box => ({
  focus: () => editor.view.focus(),
  blur: () => void editor.commands.blur(),
  before: () => {
    const { $from } = editor.state.selection;
    return $from.parent.textBetween(0, $from.parentOffset, '\n', '\n');
  },
  insert: (text, instead = 0) => {
    const { from, to } = editor.state.selection;
    editor
      .chain()
      .focus()
      .insertContentAt({ from: from - instead, to }, text, { applyInputRules: false })
      .run();
  },
  place: (cid, name) => editor.commands.insertContent({ type: 'picture', attrs: { cid, name } }),
});

/** The editor of answers that may be formatted; loaded when one is begun. */
export default function RichText({ ref, value, rich, label, placeholder, disabled, caret, tools, urlOf, onPictures, onChange, onKey, onBlur }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<Editor | null>(null);
  const [linking, setLinking] = useState(false);
  const [empty, setEmpty] = useState(value === '');
  const shown = useRef(value);
  const now = useRef({ value, rich, caret, urlOf, onChange, onKey, onBlur });
  useLayoutEffect(() => {
    now.current = { value, rich, caret, urlOf, onChange, onKey, onBlur };
  });

  // Before the next key is read: it belongs here already.
  useLayoutEffect(() => {
    const made = new Editor({
      element: place.current,
      extensions: extensions((cid) => now.current.urlOf(cid)),
      injectCSS: false,
      editorProps: {
        attributes: { role: 'textbox', 'aria-multiline': 'true' },
        handleKeyDown: (_, event) => {
          if (linksNow(made) && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'k') {
            event.preventDefault();
            setLinking(true);
            return true;
          }
          return now.current.onKey(event);
        },
      },
      onUpdate: ({ editor: at }) => {
        shown.current = toMarkdown(at.state.doc);
        setEmpty(at.isEmpty);
        now.current.onChange(shown.current, at.getText({ blockSeparator: '\n' }));
      },
      onBlur: () => now.current.onBlur(),
      onTransaction: ({ editor: at }) => at.view.dom.setAttribute('data-keys', linksNow(at) ? 'mod+k' : ''),
    });
    made.commands.setContent(contentOf(made, now.current.value, now.current.rich), { emitUpdate: false });
    // TipTap's own command waits for the next frame, and a key would be lost.
    if (now.current.caret !== null) {
      const end = made.state.doc.content.size;
      made.commands.setTextSelection(now.current.rich ? end : Math.min(end, placeOf(now.current.value, now.current.caret)));
      made.view.focus();
    }
    setEditor(made);
    return () => made.destroy();
  }, []);

  // What others put there: an answer taken back, another person's.
  useEffect(() => {
    if (!editor || value === shown.current) return;
    shown.current = value;
    editor.commands.setContent(contentOf(editor, value, rich), { emitUpdate: false });
    setEmpty(editor.isEmpty);
  }, [editor, value, rich]);

  useEffect(() => {
    editor?.setEditable(!disabled, false);
    const element = editor?.view.dom;
    if (!element) return;
    element.setAttribute('aria-label', label);
    element.setAttribute('aria-placeholder', placeholder);
  }, [editor, disabled, label, placeholder]);

  useImperativeHandle(ref, () => (editor ? boxOf(editor) : { focus: () => {}, blur: () => {}, before: () => '', insert: () => {}, place: () => false }), [
    editor,
  ]);

  return (
    <>
      <div className={styles.place} data-empty={empty || undefined}>
        <div ref={place} className={styles.editor} data-room />
        {empty && (
          <span className={styles.placeholder} aria-hidden>
            {placeholder}
          </span>
        )}
      </div>
      {editor && linking && <LinkForm editor={editor} onDone={() => setLinking(false)} />}
      {editor && tools && createPortal(<Tools editor={editor} onLink={() => setLinking(true)} onPictures={onPictures} />, tools)}
    </>
  );
}
