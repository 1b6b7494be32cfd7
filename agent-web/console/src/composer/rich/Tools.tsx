import { useEffect, useRef, useState } from 'react';
import type { ChainedCommands, Editor } from '@tiptap/core';
import { Bold, Code, ImagePlus, Italic, Link, List, ListOrdered, Quote, type LucideIcon } from 'lucide-react';
import { useT, type Key } from '../../i18n/index.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { PICTURE_TYPES } from '../pictures.ts';
import styles from './RichText.module.css';

interface Tool {
  mark: string;
  name: Key;
  icon: LucideIcon;
  keys?: string;
  run: (chain: ChainedCommands) => ChainedCommands;
}

const TOOLS: readonly Tool[] = [
  { mark: 'bold', name: 'rich.bold', icon: Bold, keys: 'mod+b', run: (chain) => chain.toggleBold() },
  { mark: 'italic', name: 'rich.italic', icon: Italic, keys: 'mod+i', run: (chain) => chain.toggleItalic() },
  { mark: 'bulletList', name: 'rich.list', icon: List, keys: 'mod+shift+8', run: (chain) => chain.toggleBulletList() },
  { mark: 'orderedList', name: 'rich.ordered', icon: ListOrdered, keys: 'mod+shift+7', run: (chain) => chain.toggleOrderedList() },
  { mark: 'blockquote', name: 'rich.quote', icon: Quote, keys: 'mod+shift+b', run: (chain) => chain.toggleBlockquote() },
  { mark: 'code', name: 'rich.code', icon: Code, keys: 'mod+e', run: (chain) => chain.toggleCode() },
];

interface Props {
  editor: Editor;
  onLink: () => void;
  onPictures: ((files: Iterable<File>) => void) | null;
}

export function Tools({ editor, onLink, onPictures }: Props) {
  const t = useT();
  const picker = useRef<HTMLInputElement>(null);
  const [, again] = useState(0);
  useEffect(() => {
    const changed = () => again((times) => times + 1);
    editor.on('transaction', changed);
    return () => void editor.off('transaction', changed);
  }, [editor]);
  return (
    <div className={styles.tools} role="toolbar" aria-label={t('rich.tools')}>
      {TOOLS.map(({ mark, name, icon, keys, run }) => (
        <IconButton
          key={mark}
          icon={icon}
          label={t(name)}
          keys={keys}
          small
          aria-pressed={editor.isActive(mark)}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => run(editor.chain().focus()).run()}
        />
      ))}
      <IconButton
        icon={Link}
        label={t('rich.link')}
        keys="mod+k"
        small
        aria-pressed={editor.isActive('link')}
        onMouseDown={(event) => event.preventDefault()}
        onClick={onLink}
      />
      {onPictures && (
        <>
          <input
            ref={picker}
            type="file"
            accept={PICTURE_TYPES.join(',')}
            multiple
            hidden
            onChange={(event) => {
              onPictures([...(event.target.files ?? [])]);
              event.target.value = '';
            }}
          />
          <IconButton
            icon={ImagePlus}
            label={t('rich.picture')}
            small
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => picker.current?.click()}
          />
        </>
      )}
    </div>
  );
}
