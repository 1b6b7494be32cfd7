import type { Customer, CustomerUpdateParams } from '@throughline/protocol';
import { changeFact, ChangedSince } from '../actions/fact.ts';
import { call } from '../connection/client.ts';
import { t } from '../i18n/index.ts';
import { takeCustomer } from '../timeline/person.ts';
import { toast, toastError } from '../ui/toasts.ts';

type Part = Omit<CustomerUpdateParams, 'id' | 'version'>;

/** As it is of what is to change; nothing and an empty text are one. */
function readLike(part: Part): (customer: Customer) => Part {
  const keys = Object.keys(part.attributes ?? {});
  return (customer) => {
    const attributes = (customer.attributes ?? {}) as Record<string, unknown>;
    const now = Object.fromEntries(Object.keys(part).map((name) => [name, customer[name as keyof Customer] ?? '']));
    return part.attributes ? { ...now, attributes: Object.fromEntries(keys.map((key) => [key, attributes[key] ?? null])) } : now;
  };
}

/** Changes what is known of a person, as long as nobody has changed just that since it was seen. True when it was taken. */
export async function update(seen: Customer, part: Part): Promise<boolean> {
  try {
    const put = ({ id, version }: Customer, wanted: Part) => call('customer.update', { id, version, ...wanted });
    const { after } = await changeFact({ read: readLike(part), put }, seen, part, (id) => call('customer.get', { id }));
    takeCustomer(after);
    return true;
  } catch (error) {
    if (!(error instanceof ChangedSince)) toastError(error);
    else {
      takeCustomer(error.now as Customer);
      toast(t('change.first'), null, 'bad');
    }
    return false;
  }
}
