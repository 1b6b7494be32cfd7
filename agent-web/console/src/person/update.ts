import type { CustomerUpdateParams } from '@throughline/protocol';
import { call } from '../connection/client.ts';
import { takeCustomer } from '../timeline/person.ts';
import { toastError } from '../ui/toasts.ts';

/** True when it was taken. */
export async function update(params: CustomerUpdateParams): Promise<boolean> {
  try {
    takeCustomer(await call('customer.update', params));
    return true;
  } catch (error) {
    toastError(error);
    return false;
  }
}
