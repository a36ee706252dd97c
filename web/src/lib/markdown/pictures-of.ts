import type { InjectionKey } from 'vue'

/** Asks for the addresses of pictures behind the lock, by their ids; those that may not be seen are left out. */
export type PictureOpener = (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>

/** Given by a page to the texts on it. */
export const PICTURES: InjectionKey<PictureOpener> = Symbol('pictures')
