import { layerProbes, networkProbes, type ProbeKind } from '../../../../src/engine/probes/probeChannels';

export const allProbes = [...Object.keys(layerProbes), ...Object.keys(networkProbes)] as ProbeKind[];
