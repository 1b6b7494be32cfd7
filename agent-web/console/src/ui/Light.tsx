// Menus and panels beside each of many things: one is made when it is first opened, so that a row costs a button and no more.
import { cloneElement, useState, type ComponentProps, type KeyboardEvent, type ReactElement } from 'react';
import { Menu } from './Menu.tsx';
import { Popover } from './Popover.tsx';

function useLight(button: ReactElement, opens: 'menu' | 'dialog') {
  const [used, setUsed] = useState(false);
  const [open, setOpen] = useState(false);
  const make = () => {
    setUsed(true);
    setOpen(true);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (opens !== 'menu' || event.key !== 'ArrowDown') return;
    event.preventDefault();
    event.stopPropagation();
    make();
  };
  const plain = cloneElement(button as ReactElement<Record<string, unknown>>, {
    'aria-haspopup': opens,
    'aria-expanded': false,
    'data-state': 'closed',
    onClick: make,
    onKeyDown,
  });
  return { plain, made: used ? { open, onOpenChange: setOpen } : null };
}

export function LightMenu(props: Omit<ComponentProps<typeof Menu>, 'open' | 'onOpenChange'>) {
  const { plain, made } = useLight(props.children, 'menu');
  return made ? <Menu {...props} {...made} /> : plain;
}

export function LightPopover(props: Omit<ComponentProps<typeof Popover>, 'open' | 'onOpenChange'>) {
  const { plain, made } = useLight(props.trigger, 'dialog');
  return made ? <Popover {...props} {...made} /> : plain;
}
