import type { Attribute, Customer } from '@throughline/protocol';
import { useT } from '../i18n/index.ts';
import { Editable } from './Editable.tsx';
import { attributeOf, shownValue, useAttributes, valueOf } from './facts.ts';
import { Section } from './Section.tsx';
import { update } from './update.ts';
import styles from './Attributes.module.css';

/** What an administrator wants to know of people, edited in place by its type. */
export function Attributes({ customer }: { customer: Customer }) {
  const t = useT();
  const defined = useAttributes();
  if (defined.length === 0) return null;
  return (
    <Section title={t('panel.attributes')}>
      <dl className={styles.list}>
        {defined.map((attribute) => (
          <div key={attribute.key}>
            <dt>{attribute.label}</dt>
            <dd>
              <One customer={customer} attribute={attribute} />
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

function One({ customer, attribute }: { customer: Customer; attribute: Attribute }) {
  const t = useT();
  const value = attributeOf(customer, attribute.key);
  const save = (text: string) => update(customer, { attributes: { [attribute.key]: valueOf(attribute, text) } });
  const list =
    attribute.type === 'yes_no'
      ? [
          { value: 'true', name: t('ui.yes') },
          { value: 'false', name: t('ui.no') },
        ]
      : attribute.type === 'choice'
        ? (attribute.choices ?? []).map((name) => ({ value: name, name }))
        : undefined;
  return (
    <Editable
      label={attribute.label}
      value={value === null ? '' : String(value)}
      shown={shownValue(attribute, value)}
      empty={t('attribute.add')}
      {...(list ? { list } : {})}
      {...(attribute.type === 'number' || attribute.type === 'date' ? { type: attribute.type } : {})}
      onSave={save}
    />
  );
}
