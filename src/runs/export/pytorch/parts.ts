/** The classes and functions of `parts.py`, from which a script takes those that it uses. */
import source from './parts.py';

/** Text of each class and function at the top level, by name, in the order of the file. */
const parts = partsOf(source);

function partsOf(text: string): Map<string, string> {
  const found = new Map<string, string>();
  const starts = [...text.matchAll(/^(?:class|def) (\w+)/gm)];
  starts.forEach((match, k) => {
    found.set(match[1], text.slice(match.index, starts[k + 1]?.index).trimEnd());
  });
  return found;
}

/** The parts that some text uses, and that these parts use, in the order of the file. */
export function partsUsedIn(text: string): string[] {
  const used = new Set<string>();
  const add = (from: string) => {
    for (const name of parts.keys()) {
      if (used.has(name) || !new RegExp(`\\b${name}(?:[(,)]|$)`, 'm').test(from)) continue;
      used.add(name);
      add(parts.get(name) ?? '');
    }
  };
  add(text);
  return [...parts].filter(([name]) => used.has(name)).map(([, part]) => part);
}

/** Import statements for the modules that some text uses, sorted as PEP 8 wants. */
export function importsFor(text: string): string[] {
  const uses = (pattern: RegExp) => pattern.test(text);
  const standard = ['argparse', 'gzip', 'json', 'math', 'os', 'struct']
    .filter((module) => uses(new RegExp(`\\b${module}\\.`)))
    .map((module) => `import ${module}`);
  if (uses(/\bOrderedDict\(/)) standard.push('from collections import OrderedDict');
  if (uses(/@dataclass\b/)) standard.push('from dataclasses import dataclass');
  if (uses(/\bpartial\(/)) standard.push('from functools import partial');
  if (uses(/\bPath\(/)) standard.push('from pathlib import Path');
  if (uses(/\bCallable\b/)) standard.push('from typing import Callable');
  const torch = ['import torch'];
  if (uses(/\bdist\./)) torch.push('import torch.distributed as dist');
  if (uses(/\bF\./)) torch.push('import torch.nn.functional as F');
  torch.push('from torch import nn');
  return [...standard, '', ...torch];
}
