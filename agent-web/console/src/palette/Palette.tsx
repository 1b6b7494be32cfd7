import { Help } from '../app/parts.ts';
import { useStore } from '../lib/store.ts';
import { palette } from './palette.ts';
import { PaletteDialog } from './PaletteDialog.tsx';

export function Palette() {
  const page = useStore(palette);
  if (page === null) return null;
  return page === 'help' ? <Help /> : <PaletteDialog key={page} page={page} />;
}
