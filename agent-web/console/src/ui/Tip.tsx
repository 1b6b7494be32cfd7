import { Tooltip } from 'radix-ui';
import type { ReactElement } from 'react';
import { useDirection } from '../i18n/direction.ts';
import { Keys } from './Keys.tsx';
import { sideOf, type Side } from './side.ts';
import styles from './overlay.module.css';

interface Props {
  text: string;
  keys?: string | undefined;
  side?: Side | undefined;
  children: ReactElement;
}

export function Tip({ text, keys, side, children }: Props) {
  const direction = useDirection();
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content className={styles.tip} sideOffset={6} collisionPadding={8} {...(side ? { side: sideOf(side, direction) } : {})}>
          {text}
          {keys && <Keys keys={keys} />}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
