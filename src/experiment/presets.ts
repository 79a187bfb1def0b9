/** Presets: the experiments in `examples/`. */
import batchFourGap from '../../examples/batch-four-gap.bnexp.json';
import batchSizeTwo from '../../examples/batch-size-two.bnexp.json';
import claim1 from '../../examples/claim-1-activations-run-away.bnexp.json';
import claim2 from '../../examples/claim-2-naive-normalization.bnexp.json';
import claim3Relu from '../../examples/claim-3-relu.bnexp.json';
import claim3 from '../../examples/claim-3-scale-and-shift.bnexp.json';
import claim4 from '../../examples/claim-4-after-the-relu.bnexp.json';
import claim4Convolution from '../../examples/claim-4-convolution.bnexp.json';
import claim5Ghosts from '../../examples/claim-5-ghost-batches.bnexp.json';
import claim5 from '../../examples/claim-5-it-regularizes.bnexp.json';
import claim6 from '../../examples/claim-6-covariate-shift.bnexp.json';
import claim6Drift from '../../examples/claim-6-gradient-drift.bnexp.json';
import claim6Rates from '../../examples/claim-6-rate-and-gain.bnexp.json';
import decayEquilibrium from '../../examples/decay-equilibrium.bnexp.json';
import dropoutVarianceShift from '../../examples/dropout-variance-shift.bnexp.json';
import edgeOfStability from '../../examples/edge-of-stability.bnexp.json';
import first from '../../examples/first.bnexp.json';
import explode from '../../examples/gradients-explode.bnexp.json';
import karpathy from '../../examples/karpathy-diagnostics.bnexp.json';
import landscape from '../../examples/landscape.bnexp.json';
import noise from '../../examples/noise-after-batchnorm.bnexp.json';
import normalizations from '../../examples/normalizations.bnexp.json';
import noteOrPaper from '../../examples/note-or-paper.bnexp.json';
import paperDigits from '../../examples/paper-digits.bnexp.json';
import paperMnist from '../../examples/paper-mnist.bnexp.json';
import rankCollapse from '../../examples/rank-collapse.bnexp.json';
import scaleInvariance from '../../examples/scale-invariance.bnexp.json';
import wattDigits from '../../examples/watt-digits.bnexp.json';
import wattPlane from '../../examples/watt-plane.bnexp.json';
import { language } from '../shared/language';
import { isObject } from './mergePatch';
import { parseText } from './parse';
import { translated } from './presetWords';

export interface Preset {
  /** Argument of `bnexp new`. Its file is `examples/<id>.bnexp.json`. */
  id: string;
  title: string;
  /** First paragraph of the notes, as one line of plain text. */
  summary: string;
  /** Content of the file, with its words in the language of this process. */
  text: string;
}

/** Files by id, in the order in which they are listed. TypeScript types them by their content; in bundles they are strings. */
const files: Record<string, unknown> = {
  first,
  'paper-digits': paperDigits,
  'paper-mnist': paperMnist,
  'claim-1-activations-run-away': claim1,
  'claim-2-naive-normalization': claim2,
  'claim-3-scale-and-shift': claim3,
  'claim-3-relu': claim3Relu,
  'claim-4-after-the-relu': claim4,
  'claim-4-convolution': claim4Convolution,
  'claim-5-it-regularizes': claim5,
  'claim-5-ghost-batches': claim5Ghosts,
  'claim-6-covariate-shift': claim6,
  'claim-6-rate-and-gain': claim6Rates,
  'claim-6-gradient-drift': claim6Drift,
  'note-or-paper': noteOrPaper,
  'noise-after-batchnorm': noise,
  landscape,
  'gradients-explode': explode,
  'karpathy-diagnostics': karpathy,
  'scale-invariance': scaleInvariance,
  'batch-size-two': batchSizeTwo,
  'rank-collapse': rankCollapse,
  'batch-four-gap': batchFourGap,
  'dropout-variance-shift': dropoutVarianceShift,
  'edge-of-stability': edgeOfStability,
  'decay-equilibrium': decayEquilibrium,
  'watt-plane': wattPlane,
  'watt-digits': wattDigits,
  normalizations,
};

export const presets: readonly Preset[] = Object.entries(files).map(([id, file]) => {
  const text = language === 'en' ? (file as string) : translated(file as string);
  return { id, text, ...heading(id, text) };
});

function heading(id: string, text: string): { title: string; summary: string } {
  const { value } = parseText(text);
  const { name, notes } = isObject(value) ? value : {};
  const firstParagraph = String(notes ?? '').split('\n\n')[0];
  return { title: String(name ?? id), summary: firstParagraph.replace(/[*`]/g, '').replace(/\s+/g, ' ').trim() };
}
