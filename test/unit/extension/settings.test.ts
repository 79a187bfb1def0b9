/** The settings and keys of package.json agree with the code, have descriptions and scopes, and apply only where they should. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { layerProbes, networkProbes } from '../../../src/engine/probes/probeChannels';
import { watchSettings } from '../../../src/experiment/watchSetting';
import { settings } from '../../../src/extension/identifiers';
import { mostStoredBytes } from '../../../src/runs/session/frameMemory';
import { defaultBudget, mostJobs } from '../../../src/runs/session/limits';
import { manifestIn } from '../../support/manifest';

const { contributes } = manifestIn();
const { properties } = contributes.configuration;

describe('settings', () => {
  it('have the same defaults and limits as the command line and the code', () => {
    assert.equal(properties['batchnormLab.diskBudget'].default, defaultBudget);
    assert.equal(properties['batchnormLab.jobs'].maximum, mostJobs);
    assert.equal(properties['batchnormLab.memory'].default * 1e6, mostStoredBytes);
    const { watch } = settings;
    assert.deepEqual(Object.keys(properties[`batchnormLab.${watch}`].properties).sort(), [...watchSettings].sort());
    const probes = Object.keys({ ...layerProbes, ...networkProbes });
    assert.deepEqual(properties['batchnormLab.watch'].properties.probes.items.enum.sort(), probes.sort());
  });

  it('are known to the code, and have a place, a scope and a description', () => {
    const { section, ...names } = settings;
    assert.deepEqual(
      Object.keys(properties).sort(),
      Object.values(names)
        .map((name) => `${section}.${name}`)
        .sort(),
    );
    for (const [name, { order, scope, markdownDescription }] of Object.entries<Record<string, string>>(properties)) {
      assert.ok(order && /^(machine-overridable|resource|window)$/.test(scope), name);
      assert.match(markdownDescription, /^[A-Z].*\.$/s, name);
    }
  });

  it('choose palettes that the page has', () => {
    const css = readFileSync('webview/styles/base.css', 'utf8');
    const palettes = new Set([...css.matchAll(/data-palette="(\w+)"/g)].map(([, name]) => name));
    assert.deepEqual(properties['batchnormLab.chartPalette'].enum, ['theme', ...palettes]);
  });

  it('bind keys only in an experiment or in the view of runs', () => {
    for (const { key, when } of contributes.keybindings)
      assert.match(when, /resourceFilename =~ .*bnexp|focusedView == batchnormLab\.runs/, key);
  });
});
