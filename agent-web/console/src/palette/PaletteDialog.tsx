import { Dialog } from 'radix-ui';
import { Search } from 'lucide-react';
import { useId, useState, type KeyboardEvent } from 'react';
import { useT, type Key } from '../i18n/index.ts';
import overlay from '../ui/overlay.module.css';
import { closePalette, picking, type PalettePage } from './palette.ts';
import { PaletteRow } from './PaletteRow.tsx';
import { useChoices, type Choice } from './useChoices.tsx';
import styles from './PaletteDialog.module.css';

const ASKS: Record<Exclude<PalettePage, 'help' | 'pick'>, Key> = {
  all: 'palette.ask',
  people: 'palette.ask_people',
  assign: 'palette.ask_assign',
  snooze: 'palette.ask_snooze',
  plan: 'palette.ask_plan',
  undo: 'undo.list',
};

export function PaletteDialog({ page }: { page: Exclude<PalettePage, 'help'> }) {
  const t = useT();
  const ask = page === 'pick' ? (picking()?.ask ?? 'palette.ask_people') : ASKS[page];
  const id = useId();
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState(0);
  const { choices, note } = useChoices(page, query);
  const active = Math.min(chosen, choices.length - 1);

  const run = (choice: Choice | undefined) => {
    if (!choice) return;
    closePalette();
    choice.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && choices.length > 0) {
      event.preventDefault();
      const next = (active + step + choices.length) % choices.length;
      setChosen(next);
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Tab' && !event.shiftKey && choices[active]?.more) {
      event.preventDefault();
      closePalette();
      choices[active].more.run();
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(choices[active]);
    }
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && closePalette()}>
      <Dialog.Portal>
        <Dialog.Overlay className={overlay.scrim} />
        <Dialog.Content className={styles.palette} aria-describedby={undefined} onKeyDown={onKeyDown}>
          <Dialog.Title className="visually-hidden">{t(ask)}</Dialog.Title>
          <div className={styles.ask}>
            <Search size={18} aria-hidden />
            <input
              autoFocus
              role="combobox"
              aria-expanded
              aria-controls={`${id}-list`}
              aria-activedescendant={choices.length > 0 ? `${id}-${active}` : undefined}
              aria-label={t(ask)}
              placeholder={page === 'snooze' ? t('snooze.example') : page === 'plan' ? t('plan.example') : t(ask)}
              value={query}
              onChange={(event) => {
                setQuery(event.target.value);
                setChosen(0);
              }}
            />
          </div>
          <ul id={`${id}-list`} role="listbox" className={styles.list} aria-label={t(ask)}>
            {choices.map((choice, index) => (
              <PaletteRow
                key={choice.id}
                id={`${id}-${index}`}
                choice={choice}
                heading={choice.group !== choices[index - 1]?.group ? choice.group : null}
                active={index === active}
                onPoint={() => setChosen(index)}
                onRun={() => run(choice)}
              />
            ))}
          </ul>
          {note && (
            <p className={styles.note} role="status">
              {note}
            </p>
          )}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
