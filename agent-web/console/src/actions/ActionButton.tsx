import { useT } from '../i18n/index.ts';
import { Button, type ButtonProps } from '../ui/Button.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { Tip } from '../ui/Tip.tsx';
import { useActionContext } from './action.ts';
import { action } from './registry.ts';
import { useWhyOff } from './remote.ts';

interface Props extends Pick<ButtonProps, 'look' | 'small' | 'className'> {
  id: string;
  /** Only the icon. */
  bare?: boolean;
}

/** A registered action as a button; not there when it cannot be done now. */
export function ActionButton({ id, bare, ...rest }: Props) {
  const t = useT();
  const context = useActionContext();
  const { name, icon, keys, when, run } = action(id);
  const off = useWhyOff(id);
  if (!when(context)) return null;
  const click = () => run(context);
  const reason = off === null ? {} : { disabled: true, title: off };
  if (bare) return <IconButton icon={icon} label={t(name)} keys={keys?.[0]} onClick={click} {...reason} {...rest} />;
  return (
    <Tip text={t(name)} keys={keys?.[0]}>
      <Button icon={icon} onClick={click} {...reason} {...rest}>
        {t(name)}
      </Button>
    </Tip>
  );
}
