/**
 * Thrown by an engine that could keep nothing, for no fault of who asked: nothing was changed. `full`: there is no room left. `shut`: where it
 * would be kept takes no writing. `busy`: another program holds it, or this one may open no more files.
 */
export class Unkept extends Error {
  readonly why: 'full' | 'shut' | 'busy'
  constructor(why: Unkept['why'], cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    this.why = why
  }
}
