import { Suspense } from 'react';
import { Help, PaletteDialog } from '../app/later.ts';
import { useStore } from '../lib/store.ts';
import { palette } from './palette.ts';

export function Palette() {
  const page = useStore(palette);
  if (page === null) return null;
  return <Suspense fallback={null}>{page === 'help' ? <Help /> : <PaletteDialog key={page} page={page} />}</Suspense>;
}
