/** All sections of charts, in their order on the page. */

import { activationsSection } from './activationsSection';
import type { SectionDefinition } from './chartSection';
import { distributionSection } from './distributionSection';
import { learningSection } from './learningSection';
import { parametersSection } from './parametersSection';
import { probesSection } from './probesSection';

export const chartSections: readonly SectionDefinition[] = [
  learningSection,
  activationsSection,
  parametersSection,
  distributionSection,
  probesSection,
];
