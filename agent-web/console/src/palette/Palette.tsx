import { Suspense } from 'react';
import { Help } from '../app/later.tsx';
import { useStore } from '../lib/store.ts';
import { palette } from './palette.ts';
import { PaletteDialog } from './PaletteDialog.tsx';

export function Palette() {
  const page = useStore(palette);
  if (page === null) return null;
  if (page !== 'help') return <PaletteDialog key={page} page={page} />;
  return (
    <Suspense fallback={null}>
      <Help />
    </Suspense>
  );
}
