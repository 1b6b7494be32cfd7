import { Smile } from 'lucide-react';
import { useState } from 'react';
import { Popover as Radix } from 'radix-ui';
import { later } from '../../app/later.tsx';
import { useT } from '../../i18n/index.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import overlay from '../../ui/overlay.module.css';

const EmojiPicker = later(() => import('./EmojiPicker.tsx'));

export function EmojiButton({ onPick }: { onPick: (emoji: string) => void }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const [picked, setPicked] = useState<string | null>(null);
  return (
    <Radix.Root open={open} onOpenChange={setOpen}>
      <Radix.Anchor asChild>
        <span>
          <IconButton icon={Smile} label={t('emoji.insert')} small aria-haspopup="dialog" aria-expanded={open} onClick={() => setOpen(true)} />
        </span>
      </Radix.Anchor>
      <Radix.Portal>
        <Radix.Content
          className={overlay.panel}
          side="top"
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label={t('emoji.insert')}
          // Back to where one types, with what was chosen.
          onCloseAutoFocus={(event) => {
            if (picked === null) return;
            event.preventDefault();
            onPick(picked);
            setPicked(null);
          }}
        >
          <EmojiPicker
            onPick={(emoji) => {
              setPicked(emoji);
              setOpen(false);
            }}
          />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
