/**
 * How the names begin of what a program at work puts into a data folder for itself. One that is killed leaves it there, and nothing of it is the school's.
 * `probe`: whether the folder can be written to, by `scripts/setup.mjs`, which runs before this can be read; `upgrade`: a copy that an upgrade is tried on;
 * `restore`: a school that is being put together.
 */
export const SCRATCH = { probe: '.probe-', upgrade: '.upgrade-', restore: '.restoring' } as const

/** Whether a name, or a path, of a data folder is such a thing's. */
export const isScratch = (name: string): boolean => Object.values(SCRATCH).some((start) => name.startsWith(start))
