import { ChevronDown, MessageSquareOff } from 'lucide-react';
import type { Way } from '@throughline/protocol';
import { me } from '../session/session.ts';
import { useT, type Translate } from '../i18n/index.ts';
import { dateTime, millis } from '../lib/format.ts';
import { personName } from '../lib/personName.ts';
import type { Person } from '../timeline/person.ts';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { mediumName } from '../ui/medium.ts';
import { Menu, type MenuEntry } from '../ui/Menu.tsx';
import { closedText } from './closed.ts';
import { draftOf, type Draft } from './drafts.ts';
import { LastHere } from './LastHere.tsx';
import styles from './ComposerHead.module.css';

interface Props {
  person: Person;
  draft: Draft;
  way: Way | null;
  open: boolean;
  onOpen: (open: boolean) => void;
}

/** Answer or note; and when an answer, by what and to where. */
export function ComposerHead({ person, draft, way, open, onOpen }: Props) {
  const t = useT();
  const store = draftOf(person.id);
  return (
    <div className={styles.head}>
      <div role="group" aria-label={t('composer.mode')} className={styles.modes}>
        {(['reply', 'note'] as const).map((mode) => (
          <button key={mode} type="button" aria-pressed={draft.mode === mode} onClick={() => store.patch({ mode })}>
            {t(`composer.${mode}`)}
          </button>
        ))}
      </div>
      {draft.mode === 'note' ? (
        <span className={styles.hint}>{t('composer.note_hint')}</span>
      ) : (
        person.ways && (
          <WayChip
            ways={person.ways}
            way={way}
            here={person.presence?.visitor_here ?? false}
            open={open}
            onOpen={onOpen}
            onChoose={(chosen) => store.patch({ way: chosen })}
          />
        )
      )}
    </div>
  );
}

/** By what it goes; of two of one kind which, by our address or its name. */
function ownName(way: Way, ways: readonly Way[]): string {
  const ours = new Set(ways.filter(({ medium, channel_name }) => medium === way.medium && channel_name).map(({ channel_id }) => channel_id));
  if (ours.size < 2) return mediumName(way.medium);
  return `${mediumName(way.medium)} · ${way.from ?? way.channel_name}`;
}

/** A visitor without a name is called as everywhere. */
const addressOf = ({ address }: Way): string => (address ? personName(address) : '');

const wholeWords = (t: Translate, way: Way): string =>
  t('composer.whole', {
    name: me()?.name ?? '',
    from: way.from ? `${way.channel_name} (${way.from})` : way.channel_name,
    address: addressOf(way) || mediumName(way.medium),
  });

interface ChipProps {
  ways: readonly Way[];
  way: Way | null;
  here: boolean;
  open: boolean;
  onOpen: (open: boolean) => void;
  onChoose: (way: { identity_id: string; channel_id: string }) => void;
}

function WayChip({ ways, way, here, open, onOpen, onChoose }: ChipProps) {
  const t = useT();
  const items: MenuEntry[] = ways.map((one) => ({
    id: `${one.identity_id}-${one.channel_id}-${one.medium}`,
    name: one.address ? t('composer.by_to', { name: ownName(one, ways), address: addressOf(one) }) : ownName(one, ways),
    icon: <ChannelIcon medium={one.medium} silent />,
    detail: one.usable ? detailOf(one) : closedText(one),
    disabled: !one.usable,
    checked: one === way,
    run: () => one.identity_id && onChoose({ identity_id: one.identity_id, channel_id: one.channel_id }),
  }));
  if (ways.length === 0)
    return (
      <span className={styles.none}>
        <MessageSquareOff size={14} aria-hidden /> {t('composer.no_way')}
      </span>
    );
  return (
    <Menu items={[{ heading: t('composer.choose') }, ...items]} side="top" open={open} onOpenChange={onOpen}>
      <button
        type="button"
        className={styles.chip}
        data-blocked={way?.usable === false || way === null || undefined}
        title={closedText(way) ?? (way ? wholeWords(t, way) : undefined)}
      >
        {way ? <ChannelIcon medium={way.medium} size={14} silent /> : <MessageSquareOff size={14} aria-hidden />}
        <span className={styles.words}>{way ? t('composer.by_to', { name: ownName(way, ways), address: addressOf(way) }) : t('composer.none_open')}</span>
        {way && <LastHere way={way} here={here} />}
        <ChevronDown size={14} aria-hidden />
      </button>
    </Menu>
  );

  function detailOf(one: Way): string {
    const name = one.from ? `${one.channel_name} (${one.from})` : one.channel_name;
    if (one.unproven) return `${t('composer.as', { name })} · ${t('reach.left_in_chat')}`;
    const until = millis(one.window_until);
    return until === null ? t('composer.as', { name }) : t('composer.as_until', { name, until: dateTime(until) });
  }
}
