import type { Medium } from '@throughline/protocol';
import { CircleDot, Tag, UserRound, X } from 'lucide-react';
import { PRESETS, type SearchFilter } from '../app/route.ts';
import { useDirectory } from '../directory/directory.ts';
import { useT } from '../i18n/index.ts';
import { useLoaded } from '../lib/useLoaded.ts';
import { toggled } from '../lib/toggled.ts';
import { knownTags } from '../person/facts.ts';
import { KINDS } from '../timeline/filter.ts';
import { Button } from '../ui/Button.tsx';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { Days } from '../ui/Days.tsx';
import { listedMedia, mediumName } from '../ui/medium.ts';
import { Menu, type MenuEntry } from '../ui/Menu.tsx';
import styles from './Filters.module.css';

interface Props {
  filter: SearchFilter;
  onChange: (filter: SearchFilter) => void;
}

const listed = (text: string | undefined): string[] => (text ? text.split(',') : []);
const withOrWithout = (text: string | undefined, one: string): string => toggled(listed(text), one).join(',');

const STATUSES = ['open', 'snoozed', 'resolved'] as const;

/** By channel, kind, time, who answered, tag, and where the conversation stands. */
export function Filters({ filter, onChange }: Props) {
  const t = useT();
  const { agents, channels, channelById } = useDirectory();
  const tags = useLoaded(knownTags);
  // What is empty is left out, so that the address holds only what narrows.
  const patch = (part: { [name in keyof SearchFilter]: SearchFilter[name] | undefined }) =>
    onChange(Object.fromEntries(Object.entries({ ...filter, ...part }).filter(([, value]) => value)) as SearchFilter);
  const media: MenuEntry[] = listedMedia().map((medium) => ({
    id: medium,
    name: mediumName(medium),
    icon: <ChannelIcon medium={medium} silent />,
    checked: listed(filter.by).includes(medium),
    stay: true,
    run: () => patch({ by: withOrWithout(filter.by, medium) }),
  }));
  const ways: MenuEntry[] = channels.map(({ id, name, medium }) => ({
    id,
    name,
    icon: <ChannelIcon medium={medium} silent />,
    checked: filter.channel === id,
    run: () => patch({ channel: filter.channel === id ? '' : id }),
  }));
  const kinds: MenuEntry[] = KINDS.map((kind) => ({
    id: kind,
    name: t(`kind.${kind}`),
    checked: listed(filter.kind).includes(kind),
    stay: true,
    run: () => patch({ kind: withOrWithout(filter.kind, kind) }),
  }));
  const who: MenuEntry[] = agents.map(({ id, name }) => ({
    id,
    name,
    checked: filter.agent === id,
    run: () => patch({ agent: filter.agent === id ? '' : id }),
  }));
  const labels: MenuEntry[] = (tags.value ?? []).map((tag) => ({
    id: tag,
    name: tag,
    checked: filter.tag === tag,
    run: () => patch({ tag: filter.tag === tag ? '' : tag }),
  }));
  const standings: MenuEntry[] = STATUSES.map((status) => ({
    id: status,
    name: t(`status.${status}`),
    checked: listed(filter.status).includes(status),
    stay: true,
    run: () => patch({ status: withOrWithout(filter.status, status) }),
  }));
  const by = [
    ...listed(filter.by).map((one) => mediumName(one as Medium)),
    ...(filter.channel ? [channelById.get(filter.channel)?.name ?? filter.channel] : []),
  ];
  const agent = agents.find(({ id }) => id === filter.agent)?.name;
  return (
    <div className={styles.filters} role="group" aria-label={t('search.filters')}>
      <Menu items={ways.length > 1 ? [...media, { heading: t('search.of_channel') }, ...ways] : media}>
        <Button small aria-pressed={by.length > 0}>
          {by.length > 0 ? by.join(t('ui.comma')) : t('filter.channel')}
        </Button>
      </Menu>
      <Menu items={kinds}>
        <Button small aria-pressed={!!filter.kind}>
          {filter.kind
            ? KINDS.filter((kind) => listed(filter.kind).includes(kind))
                .map((kind) => t(`kind.${kind}`))
                .join(t('ui.comma'))
            : t('filter.kind')}
        </Button>
      </Menu>
      <Days
        from={filter.from ?? ''}
        to={filter.to ?? ''}
        named={filter.days ? t(`search.days.${filter.days}`) : null}
        onChange={(days) => patch({ ...days, days: undefined })}
      >
        <div className={styles.presets}>
          {PRESETS.map((preset) => (
            <Button
              key={preset}
              small
              aria-pressed={filter.days === preset}
              onClick={() => patch({ days: filter.days === preset ? undefined : preset, from: '', to: '' })}
            >
              {t(`search.days.${preset}`)}
            </Button>
          ))}
        </div>
      </Days>
      <Menu items={standings}>
        <Button small icon={CircleDot} aria-pressed={!!filter.status}>
          {filter.status
            ? STATUSES.filter((status) => listed(filter.status).includes(status))
                .map((status) => t(`status.${status}`))
                .join(t('ui.comma'))
            : t('search.status')}
        </Button>
      </Menu>
      <Menu items={who}>
        <Button small icon={UserRound} aria-pressed={!!filter.agent}>
          {agent ?? t('filter.agent')}
        </Button>
      </Menu>
      {labels.length > 0 && (
        <Menu items={labels}>
          <Button small icon={Tag} aria-pressed={!!filter.tag}>
            {filter.tag ?? t('filter.tag')}
          </Button>
        </Menu>
      )}
      {Object.keys(filter).length > 0 && (
        <Button small look="quiet" icon={X} onClick={() => onChange({})}>
          {t('filter.clear')}
        </Button>
      )}
    </div>
  );
}
