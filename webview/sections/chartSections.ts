/** All sections of charts, in their order on the page. */

import { activationsSection } from './activationsSection';
import type { SectionDefinition } from './chartSection';
import { distributionSection } from './distributionSection';
import { learningSection } from './learningSection';
import { overviewSection } from './overviewSection';
import { parametersSection } from './parametersSection';
import { probesSection } from './probesSection';

export const chartSections: readonly SectionDefinition[] = [
  overviewSection,
  learningSection,
  activationsSection,
  parametersSection,
  distributionSection,
  probesSection,
];
