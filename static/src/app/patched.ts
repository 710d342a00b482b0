// An immutable map for many entries of which few change at a time: a large base that is shared by all versions,
// and a small patch that is copied. Changing one of 100,000 entries does not copy 100,000 entries.

const GONE = Symbol("gone");
type Slot<V> = V | typeof GONE;

/** A patch longer than this is merged into a new base. */
const LONGEST_PATCH = 256;

export class PatchedMap<K, V> implements Iterable<[K, V]> {
  private constructor(
    private readonly base: ReadonlyMap<K, V>,
    private readonly patch: ReadonlyMap<K, Slot<V>>,
    readonly size: number,
  ) {}

  static from<K, V>(entries: Iterable<readonly [K, V]> = []): PatchedMap<K, V> {
    const base = new Map(entries);
    return new PatchedMap(base, new Map(), base.size);
  }

  get(key: K): V | undefined {
    const slot = this.patch.get(key);
    if (slot === undefined) return this.base.get(key);
    return slot === GONE ? undefined : (slot as V);
  }

  has(key: K): boolean {
    const slot = this.patch.get(key);
    return slot === undefined ? this.base.has(key) : slot !== GONE;
  }

  /** This map with these entries instead of what it had under their keys. */
  with(entries: Iterable<readonly [K, V]>): PatchedMap<K, V> {
    return this.changed(entries);
  }

  without(keys: Iterable<K>): PatchedMap<K, V> {
    const gone: [K, typeof GONE][] = [];
    for (const key of keys) if (this.has(key)) gone.push([key, GONE]);
    return gone.length === 0 ? this : this.changed(gone);
  }

  private changed(slots: Iterable<readonly [K, Slot<V>]>): PatchedMap<K, V> {
    const patch = new Map(this.patch);
    let size = this.size;
    for (const [key, slot] of slots) {
      const before = patch.get(key);
      const had = before === undefined ? this.base.has(key) : before !== GONE;
      size += Number(slot !== GONE) - Number(had);
      patch.set(key, slot);
    }
    if (patch.size <= LONGEST_PATCH) return new PatchedMap(this.base, patch, size);
    const base = new Map(this.base);
    for (const [key, slot] of patch) {
      if (slot === GONE) base.delete(key);
      else base.set(key, slot as V);
    }
    return new PatchedMap(base, new Map(), size);
  }

  *[Symbol.iterator](): IterableIterator<[K, V]> {
    for (const entry of this.base) if (!this.patch.has(entry[0])) yield entry;
    for (const [key, slot] of this.patch) if (slot !== GONE) yield [key, slot as V];
  }

  *keys(): IterableIterator<K> {
    for (const [key] of this) yield key;
  }

  *values(): IterableIterator<V> {
    for (const [, value] of this) yield value;
  }
}
