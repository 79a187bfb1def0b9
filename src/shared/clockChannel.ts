/** Channel of logs of another program: seconds from the first value of the run to each frame. It is on no chart. */
export const clockChannel = 'network/training/seconds';
