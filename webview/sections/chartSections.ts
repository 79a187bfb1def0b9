/** All sections of charts, in their order on the page. */

import type { SectionDefinition } from './chartSection';
import { flowSection } from './flow';
import { learnedSection } from './learned';
import { learningSection } from './learning';
import { movedSection } from './moved';
import { probesSection } from './updateProbes';

export const chartSections: readonly SectionDefinition[] = [
  learningSection,
  flowSection,
  learnedSection,
  movedSection,
  probesSection,
];
