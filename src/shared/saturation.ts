/** The slope of an activation function, relative to its steepest, below which an output counts as saturated. */
export const defaultSaturation = 0.1;

/** Channel with the slope, if it is not the default. Its values never change. */
export const saturationChannel = 'network/watch/saturation';
