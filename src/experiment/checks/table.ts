/** Reports decisions about a table that are left to the user, after reading it. */
import type { Dataset } from '../../engine/data/dataset';
import { type Finding, warning } from '../findings';

export function tableFindings({ table }: Dataset): Finding[] {
  return (table?.questions ?? []).map(({ property, message }) => warning(['data', property], message));
}
