import { useState } from 'react';
import type { Editor } from '@tiptap/core';
import { useT } from '../../i18n/index.ts';
import { Button } from '../../ui/Button.tsx';
import styles from './RichText.module.css';

const USUAL = 'https://';

/** As it is typed by people: an address of a mail or a page, mostly without what stands before the colon. */
export function hrefOf(typed: string): string | null {
  const text = typed.trim();
  if (text === '' || /\s/.test(text)) return null;
  if (/^(https?|mailto|tel):/i.test(text)) return text;
  if (/^[a-z][a-z0-9+.-]*:(?!\d)/i.test(text)) return null;
  return text.includes('@') && !text.includes('/') ? `mailto:${text}` : `${USUAL}${text}`;
}

export function LinkForm({ editor, onDone }: { editor: Editor; onDone: () => void }) {
  const t = useT();
  const before = String(editor.getAttributes('link')['href'] ?? '');
  const [address, setAddress] = useState(before);
  const href = hrefOf(address);
  const finish = (act: () => void) => {
    act();
    onDone();
  };
  const put = (to: string) => {
    const chain = editor.chain().focus().extendMarkRange('link');
    if (editor.state.selection.empty && before === '')
      chain
        .insertContent({ type: 'text', text: address.trim(), marks: [{ type: 'link', attrs: { href: to } }] })
        .unsetMark('link')
        .run();
    else chain.setLink({ href: to }).run();
  };
  return (
    <form
      className={styles.link}
      onSubmit={(event) => {
        event.preventDefault();
        if (href) finish(() => put(href));
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        finish(() => editor.commands.focus());
      }}
    >
      <input autoFocus aria-label={t('rich.address')} placeholder={USUAL} value={address} onChange={(event) => setAddress(event.target.value)} />
      <Button small type="submit" disabled={!href}>
        {t('rich.link_put')}
      </Button>
      {before !== '' && (
        <Button small look="quiet" onClick={() => finish(() => editor.chain().focus().extendMarkRange('link').unsetLink().run())}>
          {t('rich.link_remove')}
        </Button>
      )}
    </form>
  );
}
