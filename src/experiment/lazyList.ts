/**
 * A list whose items are made when they are asked for. It reads as an array does, by index, iteration and all methods, and
 * holds nothing: whoever maps it whole gets a whole array.
 */
export function lazyList<T>(length: number, make: (index: number) => T): readonly T[] {
  const indexOf = (key: string | symbol) => {
    const index = typeof key === 'string' && /^(0|[1-9]\d*)$/.test(key) ? Number(key) : Number.NaN;
    return index < length ? index : null;
  };
  return new Proxy<T[]>([], {
    get(target, key, receiver) {
      if (key === 'length') return length;
      const index = indexOf(key);
      return index === null ? Reflect.get(target, key, receiver) : make(index);
    },
    has: (target, key) => indexOf(key) !== null || Reflect.has(target, key),
    set: () => false,
  });
}
