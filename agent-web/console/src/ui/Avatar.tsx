import { initials } from '@throughline/protocol/browser';
import type { CSSProperties } from 'react';
import styles from './Avatar.module.css';

const HUES = 12;

function hueOf(seed: string): number {
  let sum = 0;
  for (let i = 0; i < seed.length; i++) sum = (sum * 31 + seed.charCodeAt(i)) % 9973;
  return (sum % HUES) * (360 / HUES);
}

export function Avatar({ name, size = 36 }: { name: string | null; size?: number }) {
  const text = initials(name ?? '');
  const style = { '--size': `${size / 16}rem`, '--hue-angle': hueOf(name ?? '') } as CSSProperties;
  return (
    <span className={styles.avatar} style={style} aria-hidden>
      {text || '·'}
    </span>
  );
}
