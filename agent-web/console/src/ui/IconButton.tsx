import type { LucideIcon } from 'lucide-react';
import { Button, type ButtonProps } from './Button.tsx';
import type { Side } from './side.ts';
import { Tip } from './Tip.tsx';

interface Props extends Omit<ButtonProps, 'children' | 'icon'> {
  icon: LucideIcon;
  label: string;
  /** What its tooltip says besides. */
  note?: string | undefined;
  keys?: string | undefined;
  side?: Side | undefined;
}

/** A button that is only an icon: its name is its tooltip and what a screen reader says. */
export function IconButton({ icon, label, note, keys, side, look = 'quiet', ...rest }: Props) {
  return (
    <Tip text={note ? `${label} · ${note}` : label} keys={keys} side={side}>
      <Button icon={icon} look={look} aria-label={label} {...rest} />
    </Tip>
  );
}
