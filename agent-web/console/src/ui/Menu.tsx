import { DropdownMenu } from 'radix-ui';
import { Check, type LucideIcon } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { Keys } from './Keys.tsx';
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
  side?: 'top' | 'bottom' | 'right';
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}

export function Menu({ items, children, align = 'start', side = 'bottom', ...rest }: Props) {
  return (
    <DropdownMenu.Root modal={false} {...rest}>
      <DropdownMenu.Trigger asChild>{children}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={styles.menu} align={align} side={side} sideOffset={4} collisionPadding={8}>
          {items.map((item, index) => (
            <Row key={keyOf(item, index)} item={item} />
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

const keyOf = (item: MenuEntry, index: number) => (item !== 'line' && 'id' in item ? item.id : index);

function Row({ item }: { item: MenuEntry }) {
  if (item === 'line') return <DropdownMenu.Separator className={styles.menuLine} />;
  if ('heading' in item) return <DropdownMenu.Label className={styles.menuLabel}>{item.heading}</DropdownMenu.Label>;
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
  if (item.checked === undefined) return <DropdownMenu.Item {...props}>{body}</DropdownMenu.Item>;
  return (
    <DropdownMenu.CheckboxItem {...props} checked={item.checked}>
      {body}
    </DropdownMenu.CheckboxItem>
  );
}

function Icon({ icon }: { icon: MenuItem['icon'] }) {
  if (!icon) return null;
  if (typeof icon === 'object' && 'props' in icon) return icon;
  const Component = icon;
  return <Component size={16} aria-hidden />;
}
