/** All charts, under the questions that they answer. */
import { askedCharts } from './asked';
import { flowCharts } from './flow';
import { learnedCharts } from './learned';
import { learningCharts } from './learning';
import { movedCharts } from './moved';

export const chartGroups = [
  { name: 'Does it learn?', charts: learningCharts },
  { name: 'What flows through it?', charts: flowCharts },
  { name: 'What it has learned to keep', charts: learnedCharts },
  { name: 'How it moved', charts: movedCharts },
  { name: 'What does an update do?', charts: askedCharts },
];
