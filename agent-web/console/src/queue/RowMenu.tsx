import { Ellipsis } from 'lucide-react';
import { useState, type MouseEvent, type ReactElement } from 'react';
import type { Conversation } from '@throughline/protocol';
import { contextNow, contextOf, type Action } from '../actions/action.ts';
import { conversationActions } from '../actions/conversation.ts';
import { attempt } from '../actions/remote.ts';
import { onward } from '../i18n/direction.ts';
import { useT } from '../i18n/index.ts';
import { ContextMenu, type MenuEntry } from '../ui/Menu.tsx';
import { pickedNow } from './selection.ts';
import { queue } from './queue.ts';
import styles from './QueueList.module.css';

const rowAt = (target: EventTarget): Conversation | null => {
  const id = (target as HTMLElement).closest<HTMLElement>('[data-conversation]')?.dataset['conversation'];
  return queue.get().rows.find((row) => row.id === id) ?? null;
};

/** What can be done with that row, or with all that are picked when it is one of them: the registered actions, by their names. */
function actionsOf(row: Conversation): { action: Action; run: () => void }[] {
  const many = pickedNow().some(({ id }) => id === row.id);
  const context = many ? contextNow() : contextOf(row);
  return conversationActions
    .filter(({ id, when }) => (id.startsWith('many.') || id === 'pick_none') === many && when(context))
    .map((action) => ({ action, run: () => attempt(action, context) }));
}

/** Around the list: by the right button, the menu key, and the button of a row. */
export function RowMenu({ children }: { children: ReactElement }) {
  const t = useT();
  const [row, setRow] = useState<Conversation | null>(null);
  const items: MenuEntry[] = row
    ? actionsOf(row).map(({ action, run }) => ({ id: action.id, name: t(action.name), icon: action.icon, keys: action.keys?.[0], run }))
    : [];
  return (
    <ContextMenu items={items} onAsk={(event) => setRow(rowAt(event.target))}>
      {children}
    </ContextMenu>
  );
}

/** For who does not think of the right button. */
export function RowMenuButton({ name }: { name: string }) {
  const t = useT();
  const open = (event: MouseEvent<HTMLButtonElement>) => {
    event.stopPropagation();
    const { left, right, bottom } = event.currentTarget.getBoundingClientRect();
    const clientX = onward() > 0 ? left : right;
    event.currentTarget.dispatchEvent(new globalThis.MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX, clientY: bottom }));
  };
  const label = t('queue.row_menu', { name });
  return (
    <button type="button" className={styles.more} aria-label={label} title={label} aria-haspopup="menu" tabIndex={-1} onClick={open}>
      <Ellipsis size={16} aria-hidden />
    </button>
  );
}
