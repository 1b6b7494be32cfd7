import type { CSSProperties } from 'react';
import styles from './Avatar.module.css';

const HUES = 12;

function hueOf(seed: string): number {
  let sum = 0;
  for (let i = 0; i < seed.length; i++) sum = (sum * 31 + seed.charCodeAt(i)) % 9973;
  return (sum % HUES) * (360 / HUES);
}

const CJK = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/;

export function initials(name: string): string {
  const trimmed = name.trim().replace(/^[^\p{L}\p{N}]+/u, '');
  if (!trimmed) return '';
  if (CJK.test(trimmed)) return [...trimmed].slice(0, 1).join('');
  if (trimmed.includes('@') || /^\d/.test(trimmed)) return [...trimmed][0]!.toUpperCase();
  const words = trimmed.split(/[\s.]+/).filter(Boolean);
  const last = words.length > 1 ? words.at(-1) : '';
  return ([...(words[0] ?? '')][0] ?? '').concat([...(last ?? '')][0] ?? '').toUpperCase();
}

export function Avatar({ name, size = 36 }: { name: string | null; size?: number }) {
  const text = initials(name ?? '');
  const style = { '--size': `${size}px`, '--hue-angle': hueOf(name ?? '') } as CSSProperties;
  return (
    <span className={styles.avatar} style={style} aria-hidden>
      {text || '·'}
    </span>
  );
}
