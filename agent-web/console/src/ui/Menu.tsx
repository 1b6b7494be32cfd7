import { ContextMenu as RadixContext, DropdownMenu } from 'radix-ui';
import { Check, type LucideIcon } from 'lucide-react';
import type { MouseEvent, ReactElement, ReactNode } from 'react';
import { useDirection } from '../i18n/direction.ts';
import { Keys } from './Keys.tsx';
import { sideOf, type Side } from './side.ts';
import styles from './overlay.module.css';

export interface MenuItem {
  id: string;
  name: string;
  icon?: LucideIcon | ReactElement | undefined;
  detail?: string | null | undefined;
  end?: ReactNode;
  keys?: string | undefined;
  checked?: boolean;
  disabled?: boolean;
  /** The menu stays open: more may be chosen. */
  stay?: boolean;
  run: () => void;
}

/** A heading, a line between groups, or something to choose. */
export type MenuEntry = MenuItem | { heading: string } | 'line';

interface Props {
  items: MenuEntry[];
  children: ReactElement;
  align?: 'start' | 'end';
  side?: Side;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}

export function Menu({ items, children, align = 'start', side = 'bottom', ...rest }: Props) {
  const direction = useDirection();
  return (
    <DropdownMenu.Root modal={false} {...rest}>
      <DropdownMenu.Trigger asChild>{children}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={styles.menu} align={align} side={sideOf(side, direction)} sideOffset={4} collisionPadding={8}>
          {items.map((item, index) => (
            <Row key={keyOf(item, index)} item={item} parts={DropdownMenu} />
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

interface ContextProps {
  items: MenuEntry[];
  /** Just before it opens. */
  onAsk: (event: MouseEvent) => void;
  children: ReactElement;
}

/** Where it was asked for: by the right button, a long touch, or the menu key. */
export function ContextMenu({ items, onAsk, children }: ContextProps) {
  const side = sideOf('end', useDirection());
  return (
    <RadixContext.Root modal={false}>
      <RadixContext.Trigger asChild onContextMenu={onAsk} disabled={false}>
        {children}
      </RadixContext.Trigger>
      <RadixContext.Portal>
        <RadixContext.Content className={styles.menu} collisionPadding={8} {...{ side }}>
          {items.map((item, index) => (
            <Row key={keyOf(item, index)} item={item} parts={RadixContext} />
          ))}
        </RadixContext.Content>
      </RadixContext.Portal>
    </RadixContext.Root>
  );
}

const keyOf = (item: MenuEntry, index: number) => (item !== 'line' && 'id' in item ? item.id : index);

/** Both kinds of menu have the same parts. */
type Parts = Pick<typeof DropdownMenu, 'Item' | 'CheckboxItem' | 'Separator' | 'Label'>;

function Row({ item, parts }: { item: MenuEntry; parts: Parts }) {
  if (item === 'line') return <parts.Separator className={styles.menuLine} />;
  if ('heading' in item) return <parts.Label className={styles.menuLabel}>{item.heading}</parts.Label>;
  const body = (
    <>
      <Icon icon={item.icon} />
      <span className={styles.itemText}>
        {item.name}
        {item.detail && <small>{item.detail}</small>}
      </span>
      {item.end !== undefined && <span className={styles.itemEnd}>{item.end}</span>}
      {item.keys && <Keys keys={item.keys} />}
      {item.checked && <Check size={16} aria-hidden />}
    </>
  );
  const props = {
    className: styles.item,
    disabled: item.disabled ?? false,
    onSelect: (event: Event) => {
      if (item.stay) event.preventDefault();
      item.run();
    },
  };
  if (item.checked === undefined) return <parts.Item {...props}>{body}</parts.Item>;
  return (
    <parts.CheckboxItem {...props} checked={item.checked}>
      {body}
    </parts.CheckboxItem>
  );
}

function Icon({ icon }: { icon: MenuItem['icon'] }) {
  if (!icon) return null;
  if (typeof icon === 'object' && 'props' in icon) return icon;
  const Component = icon;
  return <Component size={16} aria-hidden />;
}
