/** What a person should decide about a table, once it has been read. */
import type { Dataset } from '../../engine/data/dataset';
import { type Finding, warning } from '../findings';

export function tableFindings({ table }: Dataset): Finding[] {
  return (table?.questions ?? []).map(({ property, message }) => warning(['data', property], message));
}
