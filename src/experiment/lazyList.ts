/**
 * A list that creates its items on access. It supports indexing, iteration and all read methods of an array, and stores nothing.
 * Mapping it returns a complete array.
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
