import { MEDIA, type Medium } from '@throughline/protocol';
import styles from './ChannelIcon.module.css';
import { ICONS } from './icons.ts';
import { hueOf, mediumName } from './medium.ts';

interface Props {
  medium: Medium;
  size?: number;
  /** In a tinted circle. */
  round?: boolean;
  /** Its name stands beside it already. */
  silent?: boolean;
}

export function ChannelIcon({ medium, size = 16, round, silent }: Props) {
  const Icon = ICONS[MEDIA[medium].icon];
  const label = silent ? { 'aria-hidden': true } : { role: 'img', 'aria-label': mediumName(medium) };
  return (
    <span className={`${styles.icon} ${round ? styles.round : ''}`} style={hueOf(medium)} {...label}>
      <Icon size={size} aria-hidden />
    </span>
  );
}
