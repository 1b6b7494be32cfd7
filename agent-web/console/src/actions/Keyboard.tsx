import { useEffect } from 'react';
import { contextNow } from './action.ts';
import { actions } from './registry.ts';
import { attempt } from './remote.ts';

const TYPING = 'input:not([type=checkbox]), textarea, select, [contenteditable=true]';
/** A box may have keys of its own: data-keys. */
const LAYER = '[role=dialog], [role=menu], [role=listbox]';

function pressed(event: KeyboardEvent): string {
  const mod = event.metaKey || event.ctrlKey ? 'mod+' : '';
  // Without mod the key itself says it: "?" needs shift on some keyboards and not on others.
  const shift = mod && event.shiftKey ? 'shift+' : '';
  return mod + shift + event.key.toLowerCase();
}

/** Shortcuts of all actions. Whoever types is left alone, and so is an open menu or dialogue. */
export function Keyboard() {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.isComposing) return;
      const keys = pressed(event);
      const target = event.target as HTMLElement;
      if (!keys.startsWith('mod+') && target.closest(TYPING)) return;
      if (target.closest<HTMLElement>('[data-keys]')?.dataset['keys']?.split(' ').includes(keys)) return;
      if (document.querySelector(LAYER)) return;
      const context = contextNow();
      const found = actions.find((action) => action.keys?.includes(keys) && action.when(context));
      if (!found) return;
      event.preventDefault();
      attempt({ id: found.id, run: event.repeat ? (found.held ?? found.run) : found.run }, context);
    };
    // Before anybody else: a dialogue that Escape closes must still be seen as open.
    window.addEventListener('keydown', listen, true);
    return () => window.removeEventListener('keydown', listen, true);
  }, []);
  return null;
}
